/** A database in a process of its own that ends when its standard input does, and so with this process at the latest. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { NotHere } from "./running.ts";

export interface DatabaseProcess {
  /** The first line it printed: where it listens. */
  readonly firstLine: string;
  /** At once, whatever it is about to write. */
  kill(): Promise<void>;
  end(): Promise<void>;
}

const startsWithinMs = 20_000;

/** Nothing of it keeps this process alive. */
export async function startDatabaseProcess(command: string, args: string[]): Promise<DatabaseProcess | NotHere> {
  // Its stdin is never written to.
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
  const started = await firstLineOf(child);
  if (typeof started !== "string") return started;
  const endBy = async (how: () => void): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    // Nothing else may be left to do in this process.
    child.ref();
    how();
    await exited;
  };
  return {
    firstLine: started,
    kill: () => endBy(() => child.kill("SIGKILL")),
    end: () => endBy(() => child.stdin?.end()),
  };
}

async function firstLineOf(child: ChildProcess): Promise<string | NotHere> {
  const said: string[] = [];
  const { resolve, promise } = Promise.withResolvers<string | NotHere>();
  const fail = (how: string) => resolve({ notHere: `the stand-in ${how}: ${said.join("").trim()}` });
  const timer = setTimeout(() => {
    child.kill("SIGKILL");
    fail(`did not start within ${startsWithinMs} ms`);
  }, startsWithinMs);
  child.once("error", (error) => fail(`did not start (${error.message})`));
  child.once("exit", (code) => fail(`ended with ${code}`));
  child.stderr?.on("data", (chunk: Buffer) => said.push(chunk.toString()));
  let printed = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
    const [line] = printed.split("\n", 1);
    if (line !== undefined && line !== printed) resolve(line);
  });
  const line = await promise;
  clearTimeout(timer);
  release(child);
  return line;
}

function release(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    if (stream !== null && "unref" in stream && typeof stream.unref === "function") stream.unref();
  }
}
