/**
 * `npm run dev`: the demo's server, started anew when its code changes, and the web client with hot reload before it.
 * Ctrl-C ends both.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createServer } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const port = process.env["PORT"] ?? "4000";
/** vite.config.ts hands everything that is no file of the client to this. */
const apiUrl = `http://127.0.0.1:${port}`;
process.env["ECOMAN_URL"] = apiUrl;

/** Started, and not yet ended. */
const children = new Map<ChildProcess, Promise<unknown>>();

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  const child = spawn(process.execPath, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
  const ended = once(child, "exit").then(() => children.delete(child));
  children.set(child, ended);
  return child;
}

/** The client's operations become types and texts when they change, as in `npm run build`. */
function generateWhenChanged(): void {
  let waiting: NodeJS.Timeout | undefined;
  watch(join(root, "client"), { recursive: true }, (_event, name) => {
    if (!name?.endsWith(".graphql")) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => run(["node_modules/.bin/graphql-codegen", "--config", "codegen.ts", "--silent"]), 100);
  });
}

const client = await createServer({ root: join(root, "client"), configFile: join(root, "vite.config.ts") });
await client.listen();
const pageUrl = client.resolvedUrls?.local[0] ?? "";
generateWhenChanged();
const server = run(["--watch", "--watch-preserve-output", "server/demo.ts"], { PORT: port, DEMO_PAGE: pageUrl });

async function end(code: number): Promise<void> {
  for (const child of children.keys()) child.kill("SIGTERM");
  await Promise.all([client.close(), ...children.values()]);
  process.exit(code);
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void end(0));
server.once("exit", (code) => void end(code ?? 1));
