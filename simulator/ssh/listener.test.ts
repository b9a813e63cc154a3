import { readFileSync } from "node:fs";
import { join } from "node:path";
import ssh2 from "ssh2";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startSimulator } from "../simulator.ts";
import { connect, connectClient, eventually, hasOpenssh, openssh } from "../test-client.ts";
import type { SimulatedHost, Simulator } from "../types.ts";
import { fingerprintOf } from "./keys.ts";

let simulator: Simulator;
let host: SimulatedHost;
beforeAll(async () => {
  simulator = await startSimulator({ hosts: [{ vms: [{ name: "a", power: "ON" }] }], delayMs: 0, lockoutFailures: 3 });
  [host] = simulator.hosts as [SimulatedHost];
});
afterAll(() => simulator.close());

const login = (): { host: string; port: number; username: string } => ({
  host: "127.0.0.1",
  port: host.port,
  username: "root",
});

function withPassword(password: string): Promise<ssh2.Client> {
  const client = new ssh2.Client();
  return new Promise((resolve, reject) => {
    client.on("keyboard-interactive", (...asked) => {
      const [prompts, finish] = asked.slice(3) as [ssh2.Prompt[], (answers: string[]) => void];
      expect(prompts[0]?.prompt).toBe("(root@127.0.0.1) Password: ");
      finish([password]);
    });
    client.on("ready", () => resolve(client));
    client.on("error", reject);
    client.connect({ ...login(), tryKeyboard: true, authHandler: ["none", "keyboard-interactive"] });
  });
}

describe("who may log in", () => {
  test("root by RSA or ECDSA key, or by password through keyboard-interactive", async () => {
    for (const path of [simulator.privateKeyPath, simulator.ecdsaKeyPath]) {
      (await connectClient({ ...login(), privateKey: readFileSync(path) })).end();
    }
    (await withPassword(host.password)).end();
  });

  test("not by ed25519, not another name, not by plain password on 8", async () => {
    const { private: ed25519 } = ssh2.utils.generateKeyPairSync("ed25519");
    const privateKey = readFileSync(simulator.privateKeyPath);
    await expect(connectClient({ ...login(), privateKey: ed25519 })).rejects.toThrow("authentication methods failed");
    await expect(connectClient({ ...login(), username: "admin", privateKey })).rejects.toThrow();
    await expect(connectClient({ ...login(), password: host.password })).rejects.toThrow();
    host.unlock();
  });

  test.skipIf(!hasOpenssh)("not by an RSA key that signs with SHA-1", async () => {
    const sha1 = ["-o", "PubkeyAcceptedAlgorithms=ssh-rsa", "root@127.0.0.1", "true"];
    expect((await openssh(host, simulator.privateKeyPath, sha1)).exitCode).toBe(255);
    expect((await openssh(host, simulator.privateKeyPath, ["root@127.0.0.1", "true"])).exitCode).toBe(0);
  });

  test("three wrong passwords lock root, the right one and the key included, until it is unlocked", async () => {
    const before = host.sshCounts().loginsRefused;
    for (let attempt = 0; attempt < 3; attempt += 1) await expect(withPassword("wrong")).rejects.toThrow();
    expect(host.sshCounts().loginsRefused - before).toBe(3);
    await expect(withPassword(host.password)).rejects.toThrow();
    await expect(connect(host, simulator)).rejects.toThrow();
    host.unlock();
    await (await connect(host, simulator))[Symbol.asyncDispose]();
  });
});

describe("host keys", () => {
  const offered = (algorithm: ssh2.ServerHostKeyAlgorithm): Promise<string> =>
    new Promise((resolve) => {
      const client = new ssh2.Client();
      client.on("error", () => undefined);
      const hostVerifier = (key: Buffer): boolean => {
        const parsed = ssh2.utils.parseKey(key);
        resolve(parsed instanceof Error ? parsed.message : fingerprintOf(parsed));
        return false;
      };
      client.connect({ ...login(), hostVerifier, algorithms: { serverHostKey: [algorithm] } });
    });

  test("RSA and ECDSA are both there, as hosts.yml says; others after a change", async () => {
    expect([await offered("rsa-sha2-256"), await offered("ecdsa-sha2-nistp256")]).toEqual(host.hostKeyFingerprints());
    const before = host.hostKeyFingerprints();
    host.changeHostKey();
    const after = await offered("ecdsa-sha2-nistp256");
    expect(before).not.toContain(after);
    expect(host.hostKeyFingerprints()).toContain(after);
  });
});

describe("the wire", () => {
  test("with one session only, the second channel is refused while the first is open", async () => {
    const single = await startSimulator({ hosts: [{ vms: 1, maxSessions: 1 }], delayMs: 0 });
    await using client = await connect(single.hosts[0] as SimulatedHost, single);
    const first = await client.open("cat");
    await expect(client.open("true")).rejects.toThrow("Channel open failure");
    const closed = new Promise((resolve) => first.on("close", resolve));
    first.resume().end();
    await closed;
    expect((await client.exec("echo a")).stdout).toBe("a\n");
    await single.close();
  });

  test("stopped it refuses TCP, and is itself again under the same port", async () => {
    const { port } = host;
    await host.stop();
    await expect(connect(host, simulator)).rejects.toThrow("ECONNREFUSED");
    await host.start();
    expect(host.port).toBe(port);
    await (await connect(host, simulator))[Symbol.asyncDispose]();
  });

  test("half-open nothing flows, and nothing is lost when the network is back", async () => {
    await using client = await connect(host, simulator);
    host.halfOpen(true);
    let answered = false;
    const answer = client.exec("echo late").then((output) => {
      answered = true;
      return output;
    });
    const other = connect(host, simulator);
    await eventually(() => host.sshCounts().openConnections === 2);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(answered).toBe(false);
    host.halfOpen(false);
    expect((await answer).stdout).toBe("late\n");
    await (await other)[Symbol.asyncDispose]();
  });
});

test("a person gets a banner, a prompt, an echo and CR LF", async () => {
  await using client = await connect(host, simulator);
  const shell = await new Promise<ssh2.ClientChannel>((resolve, reject) => {
    client.client.shell((error, channel) => (error ? reject(error) : resolve(channel)));
  });
  let screen = "";
  shell.on("data", (chunk: Buffer) => {
    screen += chunk.toString("utf8");
  });
  const prompt = `[root@${host.name}:~] `;
  await eventually(() => screen.endsWith(prompt));
  shell.write("x=3x\b\r");
  await eventually(() => screen.endsWith(`x=3x\b \b\r\n${prompt}`));
  shell.write("echo $x; vim-cmd vmsvc/power.getstate 1\r");
  await eventually(() => screen.endsWith(`\r\n3\r\nRetrieved runtime info\r\nPowered on\r\n${prompt}`));
  const closed = new Promise((resolve) => shell.on("close", resolve));
  shell.write("exit\r");
  await closed;
});

test("keys are kept in a data folder", async () => {
  const again = await startSimulator({ hosts: 1, vmsPerHost: 1, dataDir: join(simulator.dataDir, "kept") });
  const first = readFileSync(again.privateKeyPath, "utf8");
  await again.close();
  const third = await startSimulator({ hosts: 1, vmsPerHost: 1, dataDir: join(simulator.dataDir, "kept") });
  expect(readFileSync(third.privateKeyPath, "utf8")).toBe(first);
  await third.close();
});
