import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { keyTypeOf, knownHostsLine, parseKnownHosts } from "./known-hosts.ts";

/** A key in the form that matters here: its type, length first, then bytes that tell keys apart. */
function keyOf(type: string, content: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  return Buffer.concat([length, Buffer.from(type), Buffer.from(content)]);
}

const rsa = keyOf("ssh-rsa", "first");
const ecdsa = keyOf("ecdsa-sha2-nistp256", "second");
const host = { address: "esx1.example.com", port: 22 };
const elsewhere = { address: "esx1.example.com", port: 2222 };
const line = (names: string, key = rsa, rest = ""): string =>
  `${names} ${keyTypeOf(key)} ${key.toString("base64")}${rest}`;
const found = (text: string, of = host): readonly string[] =>
  parseKnownHosts(text, of).keys.map(({ key }) => key.toString());

describe("known_hosts", () => {
  it.each([
    ["a plain name", "esx1.example.com"],
    ["a name among others", "esx0,esx1.example.com,192.0.2.1"],
    ["any case", "ESX1.Example.COM"],
    ["a star", "*.example.com"],
    ["question marks", "esx?.example.com"],
    ["a pattern with an exception for another one", "*.example.com,!esx2.example.com"],
  ])("finds a host by %s", (_what, names) => {
    expect(found(line(names))).toEqual([rsa.toString()]);
  });

  it.each([
    ["another name", "esx2.example.com"],
    ["a name that only begins alike", "esx1.example.com.evil.example"],
    ["a dot that would match any character", "esx1xexample.com"],
    ["an exception for this host", "*.example.com,!esx1.example.com"],
    ["another port", "[esx1.example.com]:2222"],
  ])("does not take %s for the host", (_what, names) => {
    expect(found(line(names))).toEqual([]);
  });

  it("asks for [name]:port where the port is not 22, and for nothing less", () => {
    expect(found(line("[esx1.example.com]:2222"), elsewhere)).toEqual([rsa.toString()]);
    expect(found(line("esx1.example.com"), elsewhere)).toEqual([]);
  });

  it("reads hashed names", () => {
    const salt = Buffer.from("0123456789abcdefghij");
    const hash = (name: string): string => {
      const digest = createHmac("sha1", salt).update(name).digest("base64");
      return `|1|${salt.toString("base64")}|${digest}`;
    };
    expect(found(line(hash("esx1.example.com")))).toEqual([rsa.toString()]);
    expect(found(line(hash("[esx1.example.com]:2222")), elsewhere)).toEqual([rsa.toString()]);
    expect(found(line(hash("esx2.example.com")))).toEqual([]);
    expect(found(line(hash("esx1.example.com").replace("|1|", "|2|")))).toEqual([]);
  });

  it("gives all keys of a host in the file's order, over comments, blank lines, tabs and CRLF", () => {
    const text = ["# comment", "", line("esx1.example.com", ecdsa, " root@esx1"), "  ", line("esx1.example.com")];
    expect(found(text.join("\r\n").replaceAll(" ", "\t"))).toEqual([ecdsa.toString(), rsa.toString()]);
  });

  it("sets revoked keys apart and leaves certificate authorities out", () => {
    const text = `@revoked * ${line("", ecdsa).trim()}\n@cert-authority *.example.com ${line("", rsa).trim()}`;
    const known = parseKnownHosts(text, host);
    expect(known.keys).toEqual([]);
    expect(known.revoked.map(({ type }) => type)).toEqual(["ecdsa-sha2-nistp256"]);
  });

  it("passes over lines that say one type and hold another, or nothing readable", () => {
    const lies = `esx1.example.com ssh-rsa ${ecdsa.toString("base64")}`;
    expect(found([lies, "esx1.example.com", "esx1.example.com ssh-rsa ????", "@revoked"].join("\n"))).toEqual([]);
  });

  it("reads back the line that it proposes", () => {
    expect(found(knownHostsLine(host, ecdsa))).toEqual([ecdsa.toString()]);
    expect(found(knownHostsLine(elsewhere, ecdsa), elsewhere)).toEqual([ecdsa.toString()]);
  });
});
