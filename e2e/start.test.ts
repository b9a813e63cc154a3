/** `npm start` as an administrator meets it: what keeps it from starting, and how it ends. */
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startSimulator } from "../simulator/simulator.ts";
import { projectRoot, type Running, start } from "./harness/commands.ts";
import { until } from "./harness/until.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ecoman-start-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** `exec` as in package.json, in a folder of its own. */
function startServer(env: Readonly<Record<string, string>> = {}): Running {
  const line = `cd '${folder}' && exec '${process.execPath}' '${projectRoot}/server/main.ts'`;
  return start(line, { PORT: "0", DATA_DIR: join(folder, "data"), ...env });
}

async function refusal(env: Readonly<Record<string, string>> = {}): Promise<string> {
  const server = startServer(env);
  expect(await server.ended, server.text).toBe(2);
  // Words, not a stack.
  expect(server.text).not.toMatch(/\n\s+at |node:internal/);
  return server.text;
}

const aHost = "esx1:\n  addr: 127.0.0.1\n  port: 1\n  username: root\n  password_env: ESX_PASSWORD\n";

test("without hosts.yml it names the two ways on, and everything else that is wrong", async () => {
  const text = await refusal({ CRAWLER_INTERVAL: "often", MONGO_HOST: "mongodb://mongo.lab" });
  expect(text).toContain("3 faults in the configuration");
  expect(text).toContain('CRAWLER_INTERVAL = "often"\n      expected a number from 1 to 3600');
  expect(text).toMatch(/MONGO_HOST = "mongodb:\/\/mongo\.lab"\n {6}expected a host,.* goes into MONGO_URL/);
  expect(text).toContain(`  ${folder}/hosts.yml\n`);
  expect(text).toMatch(/\n +npm run demo\n[\s\S]*\n +cp hosts\.example\.yml \S+\/hosts\.yml\n/);
});

test("a broken hosts.yml is refused with every fault and its place", async () => {
  await writeFile(join(folder, "hosts.yml"), "esx1:\n  addr: 127.0.0.1\n  prot: 22\nesx2:\n  username: root\n");
  const text = await refusal();
  expect(text).toMatch(/hosts\.yml:3:3 {2}esx1\.prot = "?22"?\n {6}expected .*port/);
  expect(text).toMatch(/esx1\.username is not given/);
  expect(text).toMatch(/esx2\.addr is not given/);
});

test("it does not listen beyond loopback without a token", async () => {
  await writeFile(join(folder, "hosts.yml"), aHost);
  const text = await refusal({ HOST: "0.0.0.0", ESX_PASSWORD: "a password" });
  expect(text).toMatch(/ECOMAN_TOKEN is not given\n {6}expected a token, because HOST=0\.0\.0\.0 can be reached/);
});

test("a port that is taken is told as such", async () => {
  await writeFile(join(folder, "hosts.yml"), aHost);
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  const text = await refusal({ PORT: String(port), ESX_PASSWORD: "a password" });
  expect(text).toMatch(
    new RegExp(`PORT = "${port}"\\n +expected a free port: .* listens on 127\\.0\\.0\\.1:${port} already`),
  );
  taken.close();
});

test("a data folder that can't be used ends it in words", async () => {
  await writeFile(join(folder, "hosts.yml"), aHost);
  await writeFile(join(folder, "data"), "a file where a folder should be");
  const server = startServer({ ESX_PASSWORD: "a password" });
  expect(await server.ended).toBe(1);
  expect(server.text).toContain(join(folder, "data"));
  expect(server.text).not.toMatch(/\n\s+at |node:internal/);
});

test("it starts on real hosts, says where it listens, and ends in order on SIGTERM", async () => {
  const simulator = await startSimulator({ hosts: 2, vmsPerHost: 3, delayMs: 0 });
  await writeFile(join(folder, "hosts.yml"), simulator.hostsYml());
  const server = startServer();
  const url = await until(() => /ECoMan listens on (http:\S+?)"/.exec(server.text)?.[1]);
  await until(async () => (await fetch(`${url}/readyz`)).status === 200);
  server.signal("SIGTERM");
  expect(await server.ended).toBe(0);
  expect(server.text).toContain('"Stopping: running tasks may end, then the store is closed"');
  await simulator.close();
});
