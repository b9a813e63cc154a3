/** `server/main.ts` as a process of its own, as an administrator runs it: it can be killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { until } from "./until.ts";

export interface ServerProcess {
  readonly url: string;
  /** What it logged so far, one JSON object a line. */
  readonly logLines: readonly string[];
  /** Sends the signal; resolves with how it ended. */
  end(signal: "SIGKILL" | "SIGTERM"): Promise<Ended>;
  /** Stands still, or goes on. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void;
}

export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly afterMs: number;
}

/** Resolves as soon as it listens. Rejects with what it printed when it ends before that. */
export async function startServer(env: Record<string, string>): Promise<ServerProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "../../server/main.ts")], {
    env: { PATH: process.env["PATH"] ?? "", PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const logLines: string[] = [];
  const kept = keptLog(child);
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      logLines.push(line);
      kept?.write(`${line}\n`);
    });
  }
  // Not at its exit: what it printed last may still be on its way then.
  child.once("close", (code, signal) => {
    kept?.end(`Ended with ${code ?? signal}\n`);
    if (code === 0 || signal === "SIGKILL" || signal === "SIGTERM") return;
    process.stderr.write(`A server ended by itself with ${code ?? signal}:\n${logLines.slice(-12).join("\n")}\n`);
  });
  const url = await until(() => urlIn(logLines) ?? failIfEnded(child, logLines), {
    withinMs: 60_000,
    what: "the server to listen",
  });
  return {
    url,
    logLines,
    async end(signal) {
      const startedAt = Date.now();
      const exited = hasEnded(child) ? undefined : once(child, "exit");
      child.kill(signal);
      await exited;
      return { code: child.exitCode, afterMs: Date.now() - startedAt };
    },
    signal: (signal) => void child.kill(signal),
  };
}

/** `TEST_SERVER_LOGS`: a folder that keeps what every server logs, a file a process, for whoever looks for a rare fault. */
function keptLog({ pid }: ChildProcess): WriteStream | undefined {
  const folder = process.env["TEST_SERVER_LOGS"];
  if (folder === undefined) return undefined;
  mkdirSync(folder, { recursive: true });
  return createWriteStream(join(folder, `${Date.now()}-${pid}.log`));
}

function urlIn(logLines: readonly string[]): string | undefined {
  for (const line of logLines) {
    const url = /"url":"(http[^"]+)"/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  return undefined;
}

function failIfEnded(child: ChildProcess, logLines: readonly string[]): undefined {
  if (hasEnded(child)) throw new Error(`The server ended with ${child.exitCode}:\n${logLines.join("\n")}`);
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
