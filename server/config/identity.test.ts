import { describe, expect, test } from "vitest";
import { createTestFolder } from "./test-folder.ts";

const hosts = "esx1: {addr: a, username: root, identity_file_path: key}";

function sshString(...parts: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      const bytes = Buffer.from(part as string, "latin1");
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return Buffer.concat([length, bytes]);
    }),
  );
}

/** The clear head of a key file in OpenSSH's own format; there is no key in it. */
function openSshKey(cipher: string, type: string): string {
  const head = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    sshString(cipher, "none", ""),
    Buffer.from([0, 0, 0, 1]),
    sshString(sshString(type)),
  ]);
  const armour = (word: string) => `-----${word} OPENSSH PRIVATE KEY-----`;
  return `${armour("BEGIN")}\n${head.toString("base64")}\n${armour("END")}\n`;
}

describe("a key file", () => {
  test.each([
    ["its public half", "ssh-rsa AAAAB3NzaC1yc2E root@lab", "public half"],
    ["no key at all", "hello", "a private key"],
    ["too large", "x".repeat(70_000), "at most"],
  ])("is refused where it is %s", async (_name, text, expected) => {
    const folder = await createTestFolder(hosts);
    await folder.write("key", text);
    expect((await folder.faults()).map((fault) => fault.expected).join()).toContain(expected);
  });

  test("that is encrypted needs a passphrase", async () => {
    const folder = await createTestFolder(hosts);
    await folder.write("key", openSshKey("aes256-ctr", "ecdsa-sha2-nistp256"));
    expect(await folder.faults()).toMatchObject([{ key: "esx1.passphrase_env", line: 1 }]);
  });

  test("that is not encrypted needs none", async () => {
    const folder = await createTestFolder(hosts);
    await folder.write("key", openSshKey("none", "ecdsa-sha2-nistp256"));
    expect((await folder.read()).notices).toEqual([]);
  });

  test("of a type that ESXi 8 refuses is told", async () => {
    const folder = await createTestFolder(hosts);
    await folder.write("key", openSshKey("none", "ssh-ed25519"));
    expect((await folder.read()).notices.join()).toMatch(/^esx1: .*ed25519.*RSA.*ECDSA/);
  });
});
