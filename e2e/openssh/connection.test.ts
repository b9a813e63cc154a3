/** Links that are cut, fall silent or were never there. */

import { once } from "node:events";
import { createServer } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { nameWithReason, whatIsMissing } from "./missing.ts";
import { type OpenShellOptions, openShell, type TestShell } from "./open-shell.ts";
import { type OpenSsh, startOpenSsh } from "./openssh.ts";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";

/** So that a dead link is found in half a second instead of fifteen. */
const quick = { keepaliveMs: 200, readyMs: 2_000, tcpMs: 1_000, closeMs: 300 };

describe.skipIf(whatIsMissing() !== undefined)(nameWithReason("a link that fails"), () => {
  let openssh: OpenSsh;
  let proxy: TcpProxy;
  let opened: TestShell[] = [];

  beforeAll(async () => {
    openssh = await startOpenSsh();
    proxy = await startTcpProxy(openssh.port);
  });
  afterEach(async () => {
    proxy.thaw();
    proxy.cutAfter(Number.POSITIVE_INFINITY);
    await Promise.all(opened.map(({ shell }) => shell.close()));
    opened = [];
  });
  afterAll(async () => {
    await proxy?.close();
    await openssh?.close();
  });

  function open(options: OpenShellOptions = { timings: quick }, port = proxy.port): TestShell {
    const shell = openShell(openssh.nodeConfig({ port }), options);
    opened.push(shell);
    return shell;
  }

  it("gives no exit code when it is cut, and what came so far; the next run connects again", async () => {
    const { shell, output } = open();
    const result = await shell.run("echo first; sleep 10; echo second", {
      deadlineMs: 20_000,
      onOutput: () => proxy.cut(),
    });
    expect(result).toEqual({ stdout: "first\n", stderr: "", exitCode: undefined });
    expect(await output("echo again")).toBe("again\n");
  });

  it("lets runs that wait for a channel go on over a new connection", async () => {
    const { shell, output } = open();
    const running = ["a", "b", "c"].map(() => shell.run("echo first; sleep 10", { deadlineMs: 20_000 }));
    const waiting = output("echo waited");
    const last = shell.run("echo first; sleep 10", {
      deadlineMs: 20_000,
      priority: "user",
      onOutput: () => proxy.cut(),
    });
    expect((await Promise.all([...running, last])).map(({ exitCode }) => exitCode)).toEqual(Array(4).fill(undefined));
    expect(await waiting).toBe("waited\n");
  });

  it("replaces a kept connection that was cut unnoticed, without the caller seeing it", async () => {
    const { output } = open();
    await output("echo");
    proxy.cut();
    expect(await output("echo again")).toBe("again\n");
  });

  it("does not run a script of which only a part got through", async () => {
    const { shell, output } = open();
    await output("echo");
    await openssh.world.forgetCalls();
    // The first of several packets gets through, the last one does not.
    const script = `vmware -v\n# ${"x".repeat(300_000)}\nvmware -v`;
    proxy.cutAfter(150_000);
    expect((await shell.run(script, { deadlineMs: 20_000 })).exitCode).toBeUndefined();
    proxy.cutAfter(Number.POSITIVE_INFINITY);
    expect(await output("echo well")).toBe("well\n");
    expect(await openssh.calls()).toEqual([]);
  });

  it("is unreachable when it falls silent while a run waits for output", async () => {
    const { shell } = open();
    const run = shell.run("echo first; sleep 30", { deadlineMs: 25_000, onOutput: () => proxy.freeze() });
    await expect(run).rejects.toMatchObject({ code: "HOST_UNREACHABLE", message: expect.stringMatching(/silent/) });
  });

  it("is unreachable, not slow, when a run's own limit of silence meets a dead link first", async () => {
    const { shell } = open({ timings: { ...quick, keepaliveMs: 2_000 } });
    const limits = { deadlineMs: 25_000, silenceMs: 3_500 };
    const run = shell.run("echo first; sleep 30", { ...limits, onOutput: () => proxy.freeze() });
    await expect(run).rejects.toMatchObject({ code: "HOST_UNREACHABLE" });
  });

  it("is told from a host whose agent hangs: that one answers keepalives", async () => {
    const { shell } = open();
    const run = shell.run("echo first; sleep 30", { deadlineMs: 25_000, silenceMs: 1_500 });
    await expect(run).rejects.toMatchObject({ code: "HOSTD_DOWN" });
  });

  it("is found dead by a run that starts on it, and connects again when it is well", async () => {
    const { output } = open();
    await output("echo");
    proxy.freeze();
    await expect(output("echo never")).rejects.toMatchObject({ code: "HOST_UNREACHABLE" });
    proxy.thaw();
    expect(await output("echo again")).toBe("again\n");
  });

  it("is unreachable when TCP opens and nothing follows", async () => {
    proxy.freeze();
    await expect(open().output("echo")).rejects.toMatchObject({ code: "HOST_UNREACHABLE" });
  });

  it("is found dead within 20 s with the timings of production", async () => {
    const { output, shell } = open({});
    await output("echo");
    const started = performance.now();
    const run = shell.run("echo first; sleep 40", {
      deadlineMs: 60_000,
      silenceMs: 15_000,
      onOutput: () => proxy.freeze(),
    });
    await expect(run).rejects.toMatchObject({ code: "HOST_UNREACHABLE" });
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it("says what may be wrong when the connection is refused", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    server.close();
    await once(server, "close");
    const port = typeof address === "object" ? (address?.port ?? 1) : 1;
    const error = { code: "HOST_UNREACHABLE", message: expect.stringMatching(/esx1.*127\.0\.0\.1.*TSM-SSH/s) };
    await expect(open({ timings: quick }, port).output("echo")).rejects.toMatchObject(error);
  });

  it("is one connection however many runs ask for it at once", async () => {
    const before = proxy.connections();
    const { output } = open();
    await Promise.all(Array.from({ length: 10 }, () => output("echo")));
    expect(proxy.connections()).toBe(before + 1);
  });

  it("logs one line when it opens and one when it ends", async () => {
    const { output, shell, logged } = open();
    await output("echo");
    await shell.close();
    expect(logged.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual([
      "Connected over SSH",
      "Disconnected",
    ]);
  });
});
