/** Where a script's output goes: a channel, or nowhere once that is closed. */
export interface Sink {
  /** False when nobody listens any more: a real script would be killed by SIGPIPE now. */
  write(stream: "stdout" | "stderr", bytes: Buffer): boolean;
  /** Cuts the connection behind it, after the next write or at the end. */
  readonly drop: () => void;
  /** Cuts it now. */
  readonly cut: () => void;
  readonly end: (exitCode: number) => void;
}
