import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { until } from "../harness/until.ts";
import { readStages, stageOf } from "./dockerfile.ts";
import { layOut } from "./laid-out.ts";

const token = "a-token-of-30-characters-or-so";

/** Starts a stage's command in a folder that holds what its image would hold. */
function runStage(name: string, env: Record<string, string>, edit = (word: string) => word) {
  const { cmd, ...stage } = stageOf(name);
  const folder = layOut({ ...stage, cmd });
  const [program = "", ...args] = cmd.map(edit);
  expect(program).toBe("node");
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...stage.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  /** What it printed so far. @throws where it ended */
  function printed(): string {
    if (child.exitCode !== null) throw new Error(`${cmd.join(" ")} ended with ${child.exitCode}:\n${text}`);
    return text;
  }
  return { child, folder, printed };
}

test("what the images hold is enough to serve simulated hosts, to be found healthy and to stop in order", async () => {
  const simulated = await mkdtemp(join(tmpdir(), "ecoman-simulated-"));
  onTestFinished(async () => await rm(simulated, { recursive: true, force: true }));
  const simulator = runStage("simulator", {}, (word) => word.replace("/simulated", simulated).replace(/^40$/, "4"));
  await until(() => simulator.printed().includes("hosts.yml for ECoMan"), {
    withinMs: 60_000,
    what: "the simulated hosts",
  });

  const env = { ECOMAN_TOKEN: token, HOSTS_PATH: join(simulated, "hosts.yml"), DATA_DIR: join(simulated, "data") };
  const server = runStage("", { ...env, HOST: "127.0.0.1", PORT: "0" });
  const url = await until(() => /"url":"(http[^"]+)"/.exec(server.printed())?.[1], {
    what: "the server",
    withinMs: 60_000,
  });

  const [, script = "", ...rest] = stageOf("").healthcheck;
  const asks = (path: string) =>
    execFileSync(process.execPath, [script, ...rest, path], { cwd: server.folder, env: { PORT: new URL(url).port } });
  expect(() => asks("/healthz")).not.toThrow();
  await until(async () => (await fetch(`${url}/readyz`)).ok, { withinMs: 60_000, what: "every host to be looked at" });
  expect(() => asks("/readyz")).not.toThrow();
  expect(() => asks("/nothing")).toThrow();
  expect((await fetch(url)).headers.get("content-type")).toContain("text/html");

  server.child.kill("SIGTERM");
  expect(await once(server.child, "exit")).toEqual([0, null]);
  simulator.child.kill("SIGTERM");
  expect(await once(simulator.child, "exit")).toEqual([0, null]);
});

test("every stage that runs does so as another user than root, without a shell, and is asked how it is", () => {
  const running = readStages().filter(({ cmd }) => cmd.length > 0);
  expect(running.map(({ name }) => name)).toEqual(["simulator", ""]);
  for (const { user, healthcheck } of running) {
    expect(user).toBe("node");
    expect(healthcheck.length).toBeGreaterThan(0);
  }
});
