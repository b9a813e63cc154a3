/**
 * Where stdout and stderr of what runs now go: to the channel, or to the files of the group or subshell around it. What is written
 * is there at once, so that a log can be read while the job that fills it goes on.
 */
export type Stream = "stdout" | "stderr";

export type OutputTarget =
  | { readonly kind: "channel"; readonly stream: Stream }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "nowhere" };

export type Targets = Readonly<Record<Stream, OutputTarget>>;

export interface Outputs {
  write(stream: Stream, bytes: Buffer): Promise<void>;
  now(): Targets;
  /** Until `leave` with the same id, output goes to these. */
  enter(id: string, targets: Targets): void;
  /** Also ends what was entered since and never left, as by an `exit`. */
  leave(id: string): void;
}

export interface OutputOptions {
  readonly first: Targets;
  readonly toChannel: (stream: Stream, bytes: Buffer) => void;
  readonly toFile: (path: string, bytes: Buffer) => Promise<void>;
}

export const channelTargets: Targets = {
  stdout: { kind: "channel", stream: "stdout" },
  stderr: { kind: "channel", stream: "stderr" },
};

export function createOutputs({ first, toChannel, toFile }: OutputOptions): Outputs {
  const frames: { readonly id: string; readonly targets: Targets }[] = [];
  const now = (): Targets => frames.at(-1)?.targets ?? first;
  return {
    now,
    write: async (stream, bytes) => {
      const target = now()[stream];
      if (bytes.length === 0 || target.kind === "nowhere") return;
      if (target.kind === "file") await toFile(target.path, bytes);
      else toChannel(target.stream, bytes);
    },
    enter: (id, targets) => {
      frames.push({ id, targets });
    },
    leave: (id) => {
      while (frames.length > 0 && frames.pop()?.id !== id);
    },
  };
}

/** `1`, `2`: as stdout, stderr go now · `0`: nowhere · `=PATH`: that file. */
export function targetOf(word: string, outer: Targets, resolve: (path: string) => string): OutputTarget {
  if (word === "0") return { kind: "nowhere" };
  if (word === "1" || word === "2") return word === "1" ? outer.stdout : outer.stderr;
  return { kind: "file", path: resolve(word.slice(1)) };
}
