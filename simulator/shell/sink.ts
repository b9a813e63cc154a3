/** Where a script's output goes: a channel, or nowhere once that is closed. */
export interface Sink {
  /** False when nobody listens any more: a real script would be killed by SIGPIPE now. */
  write(stream: "stdout" | "stderr", bytes: Buffer): boolean;
  /** Cuts the connection behind it, after the next write or at the end. */
  readonly drop: () => void;
  readonly end: (exitCode: number) => void;
}

/**
 * A file system on which two paths lead to the sink, and folders behind links are reached: just-bash's own does not list what lies
 * behind a linked folder, such as a datastore under its name.
 */
export function withChannel<T extends object>(files: T, { out, err, write, resolve }: ChannelFiles): T {
  const isChannel = (path: unknown): boolean => path === out || path === err;
  const send = (path: unknown, content: unknown, encoding: unknown): Promise<void> => {
    const bytes = typeof content === "string" ? toBytes(content, encoding) : Buffer.from(content as Uint8Array);
    if (bytes.length > 0) write(path === out ? "stdout" : "stderr", bytes);
    return Promise.resolve();
  };
  return new Proxy(files, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      const original = member.bind(target) as (...given: unknown[]) => unknown;
      const linkItself = name === "lstat" || name === "readlink" || name === "resolvePath";
      return (...given: unknown[]) => {
        const [path, content, encoding] = given;
        if (isChannel(path) && name === "exists") return Promise.resolve(false);
        if (isChannel(path) && (name === "appendFile" || name === "writeFile")) return send(path, content, encoding);
        const follow = (each: unknown): unknown => (isAbsolute(each) && !linkItself ? resolve(each) : each);
        return name === "cp" || name === "mv"
          ? original(follow(path), follow(content))
          : original(follow(path), ...given.slice(1));
      };
    },
  });
}

function isAbsolute(value: unknown): value is string {
  return typeof value === "string" && value.startsWith("/");
}

export interface ChannelFiles {
  readonly out: string;
  readonly err: string;
  readonly write: (stream: "stdout" | "stderr", bytes: Buffer) => void;
  /** The same path without the links that matter. */
  readonly resolve: (path: string) => string;
}

/** Encodings are just-bash's: `binary` is a byte a character. */
function toBytes(content: string, encoding: unknown): Buffer {
  return Buffer.from(content, encoding === "binary" || encoding === "latin1" ? "latin1" : "utf8");
}
