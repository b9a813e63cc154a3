/** No byte of authentication reaches a host whose key is not the trusted one: sshd's own log is the witness. */
import { createHmac } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HostKeyPolicy } from "../../server/config.ts";
import { nameWithReason, whatIsMissing } from "./missing.ts";
import { emptyMemory, openShell, type TestShell } from "./open-shell.ts";
import { type OpenSsh, startOpenSsh } from "./openssh.ts";

describe.skipIf(whatIsMissing() !== undefined)(nameWithReason("host keys"), () => {
  let openssh: OpenSsh;
  let folder: string;
  const opened: TestShell[] = [];

  beforeAll(async () => {
    openssh = await startOpenSsh();
    folder = await mkdtemp(join(tmpdir(), "ecoman-known-hosts-"));
  });
  afterAll(async () => {
    await Promise.all(opened.map(({ shell }) => shell.close()));
    await openssh?.close();
    await rm(folder, { recursive: true, force: true });
  });

  function open(policy: Partial<HostKeyPolicy>, memory = emptyMemory()): TestShell {
    const hostKey = { pins: [], knownHostsPath: undefined, trustOnFirstUse: false, ...policy };
    const shell = openShell(openssh.nodeConfig({ hostKey }), { memory });
    opened.push(shell);
    return shell;
  }
  async function knownHosts(...lines: readonly string[]): Promise<string> {
    const path = join(folder, `known-hosts-${opened.length}`);
    await writeFile(path, `# a comment\n\n${lines.join("\n")}\n`);
    return path;
  }
  const place = (): string => `[127.0.0.1]:${openssh.port}`;
  const otherKey = (): string => openssh.strangeKey.publicKey;

  /** What sshd logged of logins while `act` ran. */
  async function loginsDuring(act: () => Promise<unknown>): Promise<readonly string[]> {
    const before = (await openssh.sshdLog()).length;
    await act();
    const log = (await openssh.sshdLog()).slice(before);
    return log.split("\n").filter((line) => /Accepted|Failed|authenticating user|invalid user/.test(line));
  }

  async function refusal(policy: Partial<HostKeyPolicy>): Promise<{ code: string; message: string }> {
    const { output } = open(policy);
    let caught: unknown;
    const logins = await loginsDuring(async () => {
      caught = await output("echo never").catch((error: unknown) => error);
    });
    expect(logins).toEqual([]);
    return caught as { code: string; message: string };
  }

  it.each(["rsa", "ecdsa"] as const)("connects where the pin is that of the %s key", async (type) => {
    const { output, logged } = open({ pins: [openssh.hostKeys[type].fingerprint] });
    expect(await output("echo in")).toBe("in\n");
    expect(logged.join("\n")).toContain(openssh.hostKeys[type].fingerprint);
  });

  it("connects where one of several pins is right", async () => {
    const { output } = open({ pins: [openssh.strangeKey.fingerprint, openssh.hostKeys.rsa.fingerprint] });
    expect(await output("echo in")).toBe("in\n");
  });

  it("refuses a host whose keys are none of the pinned ones, and says what was expected and what was shown", async () => {
    const { code, message } = await refusal({ pins: [openssh.strangeKey.fingerprint] });
    expect(code).toBe("HOST_KEY_MISMATCH");
    for (const key of [openssh.strangeKey, openssh.hostKeys.rsa, openssh.hostKeys.ecdsa]) {
      expect(message).toContain(key.fingerprint);
    }
    expect(message).toContain(`127.0.0.1:${openssh.port}`);
  });

  it("refuses an unknown host with its fingerprint and the very line for hosts.yml", async () => {
    const { code, message } = await refusal({});
    expect(code).toBe("HOST_KEY_UNKNOWN");
    expect(message).toContain(`host_key: ${openssh.hostKeys.ecdsa.fingerprint}`);
  });

  it("names the very line for known_hosts too, and that line lets it in without a restart", async () => {
    const knownHostsPath = await knownHosts(`other.example ${otherKey()}`);
    const { output } = open({ knownHostsPath });
    const error = await output("echo never").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "HOST_KEY_UNKNOWN" });
    const line = /this line to \S+: (\S+ \S+ [^\s)]+)/.exec(String(error))?.[1] ?? "";
    expect(line).toBe(`${place()} ${openssh.hostKeys.ecdsa.publicKey}`);
    await writeFile(knownHostsPath, `${line}\n`);
    expect(await output("echo in")).toBe("in\n");
  });

  it("asks for the type of key that known_hosts lists", async () => {
    const knownHostsPath = await knownHosts(`${place()} ${openssh.hostKeys.rsa.publicKey} with a comment`);
    expect(await open({ knownHostsPath }).output("echo in")).toBe("in\n");
  });

  it("reads hashed names", async () => {
    const salt = Buffer.from("twenty bytes of salt");
    const hash = createHmac("sha1", salt).update(place()).digest("base64");
    const knownHostsPath = await knownHosts(
      `|1|${salt.toString("base64")}|${hash} ${openssh.hostKeys.ecdsa.publicKey}`,
    );
    expect(await open({ knownHostsPath }).output("echo in")).toBe("in\n");
  });

  it("refuses a changed key of the listed type though the host has another that is not listed", async () => {
    const knownHostsPath = await knownHosts(`${place()} ${otherKey()}`);
    const { code, message } = await refusal({ knownHostsPath });
    expect(code).toBe("HOST_KEY_MISMATCH");
    expect(message).toContain(openssh.hostKeys.ecdsa.fingerprint);
  });

  it("refuses a revoked key, trusted at first use or not", async () => {
    const knownHostsPath = await knownHosts(`@revoked * ${openssh.hostKeys.ecdsa.publicKey}`);
    expect(await refusal({ knownHostsPath, trustOnFirstUse: true })).toMatchObject({ code: "HOST_KEY_MISMATCH" });
  });

  it("says so when the known_hosts file can't be read", async () => {
    expect(await refusal({ knownHostsPath: folder })).toMatchObject({ code: "HOST_KEY_UNKNOWN" });
  });

  it("keeps a key at its first use where that is allowed, and holds on to it over a restart", async () => {
    const memory = emptyMemory();
    const policy = { trustOnFirstUse: true };
    expect(await open(policy, memory).output("echo in")).toBe("in\n");
    expect(memory.trusted).toEqual([openssh.hostKeys.ecdsa.fingerprint]);
    expect(await open(policy, memory).output("echo in")).toBe("in\n");
    const changed = { ...emptyMemory(), trusted: [openssh.strangeKey.fingerprint] };
    await expect(open(policy, changed).output("echo")).rejects.toMatchObject({ code: "HOST_KEY_MISMATCH" });
    expect(changed.trusted).toEqual([openssh.strangeKey.fingerprint]);
  });
});
