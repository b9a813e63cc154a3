/** `npm run backup` and `npm run restore` as an administrator types them. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { projectRoot } from "./commands.ts";

export interface Ended {
  readonly code: number | null;
  /** Bytes, which for a backup may be no text. */
  readonly stdout: Buffer;
  readonly stderr: string;
}

export function backUp(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ended> {
  return npmRun(["backup", ...args], env);
}

export function restore(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ended> {
  return npmRun(["restore", ...args], env);
}

async function npmRun(
  [script = "", ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  const child = spawn("npm", ["run", "-s", script, "--", ...args], {
    cwd: projectRoot,
    env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stdout: Buffer[] = [];
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout: Buffer.concat(stdout), stderr };
}
