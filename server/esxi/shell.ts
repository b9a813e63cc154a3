/**
 * Port: a shell on one host. Adapter: ssh/kept-shell.ts; contract: shell.contract.ts.
 *
 * One kept connection stands behind it. It is opened at the first run and again when it was lost; a run that was
 * sent is never sent a second time.
 */
export interface Shell {
  /**
   * Runs a POSIX script (`sh -s`, the script on stdin) in a channel of its own, without a terminal. The host reads all
   * of it before it runs any of it: one that was cut on its way does nothing, and no command can eat its lines.
   *
   * @throws AppError HOST_UNREACHABLE no TCP, no SSH handshake, or silence with keepalives unanswered
   * @throws AppError AUTH_FAILED, HOST_KEY_UNKNOWN, HOST_KEY_MISMATCH before anything was sent
   * @throws AppError HOST_BUSY no channel to be had
   * @throws AppError HOSTD_DOWN `silenceMs` passed without a byte although the host answers keepalives
   * @throws AppError TIMEOUT the deadline passed; `sent` on the error's cause is not promised: assume it was sent
   * @throws AppError OUTPUT_DAMAGED more than `maxBytes` came
   * @throws AppError CANCELLED `signal` was aborted
   * @throws AppError LEASE_LOST this server may not speak to the host now; nothing was sent
   * @throws AppError SHUTTING_DOWN after `close`
   */
  run(script: string, options: RunOptions): Promise<RunResult>;
  /** See NodeDriver.permitLogin. */
  permitLogin(): Promise<void>;
  /** Ends the connection; runs under way end as cut. Later runs open it anew. */
  disconnect(): void;
  /** Ends the connection for good. */
  close(): Promise<void>;
}

export interface RunOptions {
  /** For queueing, opening the channel and running together, in ms. It starts before the channel opens. */
  readonly deadlineMs: number;
  /** Gives up after so many ms without a byte of output. Default: no such limit. */
  readonly silenceMs?: number;
  /** Cap on stdout and stderr together, in bytes. Default 16 MiB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
  /** A user's action goes before waiting scans. Default "scan". */
  readonly priority?: "user" | "scan";
  /** Called with the whole stdout so far (decoded) whenever more came; for reading finished parts early. */
  readonly onOutput?: (stdoutSoFar: string) => void;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  /** `undefined`: the connection was cut; nothing of the output may be parsed. */
  readonly exitCode: number | undefined;
}
