/** One script in one channel, from its first byte to the channel's end. */
import { StringDecoder } from "node:string_decoder";
import type { ClientChannel } from "ssh2";
import { type AppError, toAppError } from "../../errors.ts";
import type { RunResult } from "../shell.ts";

export interface ScriptRun {
  readonly channel: ClientChannel;
  readonly script: string;
  readonly maxBytes: number;
  readonly onOutput: ((stdoutSoFar: string) => void) | undefined;
  /** Ends the run early, with its reason. */
  readonly signal: AbortSignal;
  /** Was the connection lost: then what came may not be all. */
  readonly isCut: () => boolean;
  /** Called for each piece of output, stderr included. */
  readonly onBytes: () => void;
  readonly tooMuch: () => AppError;
}

/**
 * The script is one group of commands: the shell reads all of it before it runs any of it. So a script that a cut
 * connection shortened does nothing at all, rather than its first half or a last line that lost its end; and no
 * command in it can eat the lines that follow.
 */
export function asOneGroup(script: string): string {
  return `{\n${script}\n} </dev/null\n`;
}

/** Rejects with the signal's reason, or with what onOutput threw; the channel is then closed but may not be over yet. */
export function runScript(run: ScriptRun): Promise<RunResult> {
  const { channel, signal } = run;
  const { promise, resolve, reject } = Promise.withResolvers<RunResult>();
  const output = collect(run, fail);
  const abort = (): void => fail(toAppError(signal.reason));
  let stderrOver = false;
  let closed: { readonly exitCode: number | undefined } | undefined;

  function fail(error: AppError): void {
    reject(error);
    channel.close();
  }
  function finish(): void {
    if (closed === undefined || !stderrOver) return;
    resolve({ ...output.texts(), exitCode: run.isCut() ? undefined : closed.exitCode });
  }

  // "exit" may come before the last output, and "close" of a cut connection looks like any other.
  channel.on("close", (exitCode?: number | null) => {
    closed = { exitCode: exitCode ?? undefined };
    finish();
  });
  channel.stderr.on("close", () => {
    stderrOver = true;
    finish();
  });
  channel.on("error", () => undefined);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  channel.end(asOneGroup(run.script));
  return promise.finally(() => {
    signal.removeEventListener("abort", abort);
    output.stop();
  });
}

interface Output {
  texts(): { readonly stdout: string; readonly stderr: string };
  /** What still comes is dropped from here on; it is read all the same, or the channel would never close. */
  stop(): void;
}

function collect(
  { channel, maxBytes, onOutput, onBytes, tooMuch }: ScriptRun,
  fail: (error: AppError) => void,
): Output {
  const stdout = new StringDecoder("utf8");
  const stderr = new StringDecoder("utf8");
  const texts = { stdout: "", stderr: "" };
  let bytes = 0;
  let stopped = false;

  function receive(chunk: Buffer, take: () => void): void {
    if (stopped) return;
    onBytes();
    bytes += chunk.length;
    if (bytes > maxBytes) return fail(tooMuch());
    take();
  }
  channel.on("data", (chunk: Buffer) =>
    receive(chunk, () => {
      texts.stdout += stdout.write(chunk);
      try {
        onOutput?.(texts.stdout);
      } catch (error) {
        fail(toAppError(error));
      }
    }),
  );
  channel.stderr.on("data", (chunk: Buffer) => receive(chunk, () => (texts.stderr += stderr.write(chunk))));
  return {
    texts: () => ({ stdout: texts.stdout + stdout.end(), stderr: texts.stderr + stderr.end() }),
    stop: () => {
      stopped = true;
    },
  };
}
