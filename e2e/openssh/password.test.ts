/** Passwords, by either method, and that none is offered twice. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AuthContext, Connection } from "ssh2";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type FalseServer, startFalseServer } from "./false-server.ts";
import { type KeyPair, makeKey } from "./keys.ts";
import { nameWithReason, whatIsMissing } from "./missing.ts";
import { nodeConfigFor, secretOf } from "./node-config.ts";
import { emptyMemory, type Memory, openShell, type TestShell } from "./open-shell.ts";

describe.skipIf(whatIsMissing() !== undefined)(nameWithReason("passwords"), () => {
  let folder: string;
  let hostKey: KeyPair;
  let userKey: KeyPair;
  let toClose: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ecoman-password-"));
    hostKey = await makeKey({ type: "ecdsa", path: join(folder, "host") });
    userKey = await makeKey({ type: "ecdsa", path: join(folder, "user") });
  });
  afterEach(async () => {
    for (const close of toClose) await close();
    toClose = [];
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function serve(authenticate: (context: AuthContext, connection: Connection) => void): Promise<FalseServer> {
    const server = await startFalseServer({ hostKeyPath: hostKey.path, authenticate });
    toClose.push(() => server.close());
    return server;
  }
  interface Login {
    readonly password?: string;
    readonly withKey?: boolean;
    readonly memory?: Memory;
  }
  function open(server: FalseServer, { password = "right horse", withKey = false, memory }: Login = {}): TestShell {
    const base = { address: "127.0.0.1", port: server.port, username: "root", pins: [hostKey.fingerprint] };
    const credentials = {
      identityFilePath: withKey ? userKey.path : undefined,
      passphrase: undefined,
      password: secretOf(password),
    };
    const shell = openShell(nodeConfigFor(base, { credentials }), { memory });
    toClose.unshift(() => shell.shell.close());
    return shell;
  }

  /** Takes the right password by keyboard-interactive, as ESXi 8 does, and offers `methods`. */
  const asksForPassword =
    (methods: AuthContext["method"][], prompts = [{ prompt: "Password: ", echo: false }]) =>
    (context: AuthContext): void => {
      if (context.method !== "keyboard-interactive") return context.reject(methods);
      context.prompt(prompts, (answers) => {
        if (answers?.[0] === "right horse") context.accept();
        else context.reject(methods);
      });
    };

  /** The right password by the password method. */
  const takesPassword = (context: AuthContext): void => {
    if (context.method === "password" && context.password === "right horse") context.accept();
    else context.reject(["password"]);
  };

  it("go by keyboard-interactive where the host offers that, and nothing else is tried", async () => {
    const server = await serve(asksForPassword(["password", "keyboard-interactive"]));
    expect(await open(server).output("echo")).toBe("in\n");
    expect(server.tried).toEqual(["none", "keyboard-interactive"]);
  });

  it("go by the password method where the host offers only that", async () => {
    const server = await serve(takesPassword);
    expect(await open(server).output("echo")).toBe("in\n");
    expect(server.tried).toEqual(["none", "password"]);
  });

  it("are not offered when a key is there that the host would take", async () => {
    const server = await serve((context) => context.reject(["publickey", "keyboard-interactive", "password"]));
    await expect(open(server, { withKey: true }).output("echo")).rejects.toMatchObject({ code: "AUTH_FAILED" });
    expect(server.tried).toEqual(["none", "publickey"]);
  });

  it("are offered in place of a key that the host would not take", async () => {
    const server = await serve(asksForPassword(["keyboard-interactive"]));
    expect(await open(server, { withKey: true }).output("echo")).toBe("in\n");
  });

  it.each([["password"], ["keyboard-interactive"]] as const)("are tried once when wrong (%s)", async (method) => {
    const server = await serve(method === "password" ? takesPassword : asksForPassword(["keyboard-interactive"]));
    const memory = emptyMemory();
    const shell = open(server, { password: "wrong horse", memory });
    await expect(shell.output("echo")).rejects.toMatchObject({ code: "AUTH_FAILED" });
    await expect(shell.output("echo")).rejects.toMatchObject({ code: "AUTH_FAILED" });
    await expect(open(server, { password: "wrong horse", memory }).output("echo")).rejects.toThrow();
    expect(server.tried).toEqual(["none", method]);
    expect(JSON.stringify([memory, shell.logged])).not.toContain("wrong horse");
    expect(await open(server, { memory }).output("echo")).toBe("in\n");
  });

  it("are not given a second time when the host asks again in the same try", async () => {
    const answered: string[][] = [];
    const server = await serve((context) => {
      if (context.method !== "keyboard-interactive") return context.reject(["keyboard-interactive"]);
      const ask = (): void =>
        context.prompt([{ prompt: "Password: ", echo: false }], (answers) => {
          answered.push([...(answers ?? [])]);
          ask();
        });
      ask();
    });
    const memory = emptyMemory();
    await expect(open(server, { memory }).output("echo")).rejects.toMatchObject({ code: "AUTH_FAILED" });
    expect(answered).toEqual([["right horse"]]);
    expect(memory.refusal).toBeDefined();
  });

  it("are not given to a question that is shown on the screen, or to two questions", async () => {
    const visible = [{ prompt: "Your name: ", echo: true }];
    const two = [
      { prompt: "Password: ", echo: false },
      { prompt: "Token: ", echo: false },
    ];
    for (const prompts of [visible, two]) {
      const server = await serve(asksForPassword(["keyboard-interactive"], prompts));
      await expect(open(server).output("echo")).rejects.toMatchObject({ code: "AUTH_FAILED" });
    }
  });

  it("count as refused when the host cut the connection instead of answering", async () => {
    const server = await serve((context, connection) => {
      if (context.method === "none") context.reject(["password"]);
      else connection.end();
    });
    const memory = emptyMemory();
    const shell = open(server, { memory });
    await expect(shell.output("echo")).rejects.toThrow();
    await expect(shell.output("echo")).rejects.toMatchObject({ code: "AUTH_FAILED" });
    expect(server.tried).toEqual(["none", "password"]);
  });

  it("are not asked for by a host that lets anyone in", async () => {
    const server = await serve((context) => context.accept());
    expect(await open(server).output("echo")).toBe("in\n");
    expect(server.tried).toEqual(["none"]);
  });
});
