/** Logging in with keys, and that a refused login stays the only one. */
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Clock } from "../../server/clock.ts";
import type { Credentials, NodeConfig } from "../../server/config.ts";
import { nameWithReason, whatIsMissing } from "./missing.ts";
import { secretOf } from "./node-config.ts";
import { emptyMemory, type Memory, openShell, type TestShell } from "./open-shell.ts";
import { type OpenSsh, startOpenSsh } from "./openssh.ts";

describe.skipIf(whatIsMissing() !== undefined)(nameWithReason("logging in"), () => {
  let openssh: OpenSsh;
  const opened: TestShell[] = [];
  const minutes = { passed: 0 };
  const clock: Clock = { now: () => Date.UTC(2026, 10, 1) + minutes.passed * 60_000, sleep: async () => undefined };

  beforeAll(async () => {
    openssh = await startOpenSsh();
  });
  afterAll(async () => {
    await Promise.all(opened.map(({ shell }) => shell.close()));
    await openssh?.close();
  });

  function config(credentials: Partial<Credentials>): NodeConfig {
    const none = { identityFilePath: undefined, passphrase: undefined, password: undefined };
    return openssh.nodeConfig({ credentials: { ...none, ...credentials } });
  }
  function open(credentials: Partial<Credentials>, memory: Memory = emptyMemory()): TestShell {
    const shell = openShell(config(credentials), { memory, clock });
    opened.push(shell);
    return shell;
  }
  /** Lines of sshd's log that tell of a refused credential. `none` is no credential: it asks what there is. */
  async function failedLogins(): Promise<number> {
    const lines = (await openssh.sshdLog()).split("\n");
    return lines.filter((line) => /^Failed (publickey|password)/.test(line)).length;
  }

  /** How often anybody connected; what sshd writes about the end of earlier connections may come late. */
  async function connections(): Promise<number> {
    const lines = (await openssh.sshdLog()).split("\n");
    return lines.filter((line) => line.startsWith("Connection from ")).length;
  }

  it.each(["ecdsa", "rsa"] as const)("takes an %s key", async (type) => {
    expect(await open({ identityFilePath: openssh.userKeys[type].path }).output("echo in")).toBe("in\n");
  });

  it("takes a key with a passphrase", async () => {
    const shell = open({ identityFilePath: openssh.userKeys.locked.path, passphrase: secretOf(openssh.passphrase) });
    expect(await shell.output("echo in")).toBe("in\n");
  });

  it.each([
    ["no passphrase", () => ({ identityFilePath: openssh.userKeys.locked.path }), /passphrase_env/],
    [
      "a wrong passphrase",
      () => ({ identityFilePath: openssh.userKeys.locked.path, passphrase: secretOf("wrong-passphrase") }),
      /passphrase/,
    ],
    ["a missing key file", () => ({ identityFilePath: "/nowhere/key" }), /can't be read/],
    ["a public key", () => ({ identityFilePath: `${openssh.userKeys.rsa.path}.pub` }), /no private key/],
    ["nothing at all", () => ({}), /identity_file_path/],
  ])("says clearly that it can't log in with %s, without contacting the host", async (_what, credentials, words) => {
    const before = await connections();
    const { output } = open(credentials());
    await expect(output("echo")).rejects.toMatchObject({ code: "AUTH_FAILED", message: expect.stringMatching(words) });
    expect(await connections()).toBe(before);
  });

  it("says that the host takes no passwords, without trying one", async () => {
    const before = await failedLogins();
    const memory = emptyMemory();
    const { output } = open({ password: secretOf("hunter2-secret") }, memory);
    await expect(output("echo")).rejects.toMatchObject({
      code: "AUTH_FAILED",
      message: expect.stringMatching(/publickey/),
    });
    expect(await failedLogins()).toBe(before);
    expect(memory.refusal).toBeUndefined();
  });

  it("tells that ESXi takes no ed25519 keys", async () => {
    const { output } = open({ identityFilePath: openssh.userKeys.ed25519.path });
    await expect(output("echo")).rejects.toMatchObject({
      code: "AUTH_FAILED",
      message: expect.stringMatching(/ed25519/),
    });
  });

  it("is tried once when it is refused, however often it is wanted, over restarts too", async () => {
    minutes.passed = 0;
    const before = await failedLogins();
    const memory = emptyMemory();
    const first = open({ identityFilePath: openssh.strangeKey.path }, memory);
    await expect(first.output("echo")).rejects.toMatchObject({ code: "AUTH_FAILED" });
    await Promise.all([1, 2, 3].map(() => expect(first.output("echo")).rejects.toMatchObject({ code: "AUTH_FAILED" })));
    const restarted = open({ identityFilePath: openssh.strangeKey.path }, memory);
    await expect(restarted.output("echo")).rejects.toMatchObject({ code: "AUTH_FAILED" });
    expect(await failedLogins()).toBe(before + 1);

    minutes.passed = 14;
    await expect(restarted.shell.permitLogin()).rejects.toMatchObject({
      code: "AUTH_FAILED",
      message: expect.stringMatching(/in 1 min/),
    });
    minutes.passed = 15;
    await restarted.shell.permitLogin();
    await expect(restarted.output("echo")).rejects.toMatchObject({ code: "AUTH_FAILED" });
    await expect(restarted.output("echo")).rejects.toMatchObject({ code: "AUTH_FAILED" });
    expect(await failedLogins()).toBe(before + 2);
  });

  it("is tried again at once with other credentials, and forgets the refusal when they are right", async () => {
    const memory = emptyMemory();
    await expect(open({ identityFilePath: openssh.strangeKey.path }, memory).output("echo")).rejects.toThrow();
    expect(memory.refusal).toBeDefined();
    expect(await open({ identityFilePath: openssh.userKeys.rsa.path }, memory).output("echo in")).toBe("in\n");
    expect(memory.refusal).toBeUndefined();
  });

  it("sees a key file that was replaced in place", async () => {
    const path = join(tmpdir(), `ecoman-key-${process.pid}`);
    const { readFile } = await import("node:fs/promises");
    await writeFile(path, await readFile(openssh.strangeKey.path, "utf8"), { mode: 0o600 });
    const { output } = open({ identityFilePath: path });
    await expect(output("echo")).rejects.toMatchObject({ code: "AUTH_FAILED" });
    await writeFile(path, await readFile(openssh.userKeys.rsa.path, "utf8"), { mode: 0o600 });
    expect(await output("echo in")).toBe("in\n");
    await rm(path);
  });

  it("leaves no secret in a message, a log line or what is kept", async () => {
    const memory = emptyMemory();
    const secrets = ["wrong-passphrase", "hunter2-secret", openssh.passphrase];
    const shells = [
      open({ identityFilePath: openssh.userKeys.locked.path, passphrase: secretOf("wrong-passphrase") }, memory),
      open({ password: secretOf("hunter2-secret") }, memory),
      open({ identityFilePath: openssh.userKeys.locked.path, passphrase: secretOf(openssh.passphrase) }, memory),
      open({ identityFilePath: openssh.strangeKey.path, password: secretOf("hunter2-secret") }, memory),
    ];
    const said = await Promise.all(
      shells.map(({ output }) => output("echo in").catch((error: unknown) => inspectAll(error))),
    );
    const all = [...said, ...shells.flatMap(({ logged }) => logged), JSON.stringify(memory)].join("\n");
    for (const secret of secrets) expect(all).not.toContain(secret);
  });
});

/** An error with its stack and causes, as a logger would write it. */
function inspectAll(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.stack}\n${JSON.stringify(error)}\n${error.cause === undefined ? "" : inspectAll(error.cause)}`;
}
