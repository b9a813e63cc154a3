/** The host's files as one script sees them: two paths lead to its outputs, and a failed write to a redirection's file is noted. */
import type { HostFiles } from "../world/host-files.ts";
import { toBytes } from "../world/host-files.ts";
import type { World } from "../world/world.ts";
import { canonicalPath } from "../world/world.ts";
import type { Outputs, Stream } from "./outputs.ts";

export const channelOut = "/dev/channel/1";
export const channelErr = "/dev/channel/2";

/**
 * just-bash gives up a whole script when a redirection's file can't be written. So such failures are swallowed while the file is
 * watched, and told by `__written` after the command: see redirects.ts.
 */
export interface WatchedFiles {
  readonly watch: (paths: readonly string[]) => void;
  /** Ends the watch that began last; gives its first failure. */
  readonly unwatch: () => Error | null;
  /** Notes a failure to write a watched file, and throws that of any other. */
  readonly swallow: (path: string, error: unknown) => void;
}

export function createWatchedFiles(world: World): WatchedFiles {
  const watches: { readonly paths: readonly string[]; failure: Error | null }[] = [];
  return {
    watch: (paths) => {
      watches.push({ paths, failure: null });
    },
    unwatch: () => watches.pop()?.failure ?? null,
    swallow: (given, error) => {
      const path = canonicalPath(world, given);
      const found = watches.findLast((each) => each.paths.includes(path));
      if (found === undefined || !(error instanceof Error)) throw error;
      found.failure ??= error;
    },
  };
}

export interface RunFilesOptions {
  readonly files: HostFiles;
  readonly outputs: Outputs;
  readonly swallow: (path: string, error: unknown) => void;
  /** A killed script changes nothing any more. */
  readonly signal: AbortSignal;
}

const changing = new Set(["writeFile", "appendFile", "mkdir", "rm", "mv", "cp", "chmod", "symlink", "link", "utimes"]);

export function createRunFiles({ files, outputs, swallow, signal }: RunFilesOptions): HostFiles {
  const streamOf = (path: unknown): Stream | null =>
    path === channelOut ? "stdout" : path === channelErr ? "stderr" : null;
  return new Proxy(files, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function" || typeof name !== "string") return member;
      const original = member as (...given: readonly unknown[]) => unknown;
      const writes = name === "appendFile" || name === "writeFile";
      return (...given: readonly unknown[]) => {
        const [path, content, encoding] = given;
        const stream = streamOf(path);
        if (stream !== null && name === "exists") return Promise.resolve(false);
        if (stream !== null && writes) return outputs.write(stream, inAshWords(stream, toBytes(content, encoding)));
        if (changing.has(name) && signal.aborted) return Promise.reject(new Error("Killed"));
        const result = original(...given);
        return writes ? (result as Promise<void>).catch((error: unknown) => swallow(String(path), error)) : result;
      };
    },
  });
}

/** `bash: x: command not found` is `sh: x: not found` on a host. */
export function inAshWords(stream: Stream, bytes: Buffer): Buffer {
  if (stream === "stdout") return bytes;
  const text = bytes.toString("latin1");
  const ash = text.replaceAll(/^bash: (.*): command not found$/gm, "sh: $1: not found").replaceAll(/^bash: /gm, "sh: ");
  return Buffer.from(ash, "latin1");
}
