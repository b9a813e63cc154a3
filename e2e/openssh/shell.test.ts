/** The kept shell against OpenSSH with busybox ash: the contract, and what only a real sshd shows. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { shellContract } from "../../server/esxi/shell.contract.ts";
import type { RunOptions } from "../../server/esxi/shell.ts";
import { nameWithReason, whatIsMissing } from "./missing.ts";
import { openShell } from "./open-shell.ts";
import { type OpenSsh, startOpenSsh } from "./openssh.ts";

const skipped = whatIsMissing() !== undefined;

if (!skipped) {
  shellContract("OpenSSH with busybox ash", async () => {
    const openssh = await startOpenSsh();
    const { shell, logged } = openShell(openssh.nodeConfig());
    return {
      shell,
      connections: () => logged.filter((line) => line.includes("Connected over SSH")).length,
      async close() {
        await shell.close();
        await openssh.close();
      },
    };
  });
}

describe.skipIf(skipped)(nameWithReason("a host that allows one channel (MaxSessions 1)"), () => {
  let openssh: OpenSsh;
  beforeAll(async () => {
    openssh = await startOpenSsh({ maxSessions: 1 });
  });
  afterAll(() => openssh.close());

  it("gets one run after the other, each of them once", async () => {
    const { shell, output, logged } = openShell(openssh.nodeConfig());
    await openssh.world.forgetCalls();
    const outputs = await Promise.all(Array.from({ length: 8 }, (_, i) => output(`vmware -v >/dev/null; echo ${i}`)));
    expect(outputs).toEqual(Array.from({ length: 8 }, (_, i) => `${i}\n`));
    expect(await openssh.calls()).toHaveLength(8);
    expect(logged.filter((line) => line.includes("Connected"))).toHaveLength(1);
    await shell.close();
  });

  it("serves a user's run first when the channel is free again", async () => {
    const { shell, output } = openShell(openssh.nodeConfig());
    await Promise.all([output("echo"), output("echo")]);
    const order: string[] = [];
    const noted = async (name: string, options: Partial<RunOptions>): Promise<void> => {
      await shell.run("echo begun; sleep 0.3", { deadlineMs: 20_000, ...options });
      order.push(name);
    };
    const begun = Promise.withResolvers<void>();
    const running = noted("running", { onOutput: () => begun.resolve() });
    await begun.promise;
    await Promise.all([running, noted("waiting", {}), noted("user", { priority: "user" })]);
    expect(order).toEqual(["running", "user", "waiting"]);
    await shell.close();
  });

  it("is not blocked by a process that outlives its run", async () => {
    const { shell, output } = openShell(openssh.nodeConfig(), { timings: { closeMs: 200 } });
    await expect(shell.run("sleep 15", { deadlineMs: 500 })).rejects.toMatchObject({ code: "TIMEOUT" });
    expect(await output("echo well")).toBe("well\n");
    await shell.close();
  });
});

describe.skipIf(skipped)(nameWithReason("a run that was given up"), () => {
  it("leaves the other runs of its connection alone", async () => {
    const openssh = await startOpenSsh();
    const { shell, output } = openShell(openssh.nodeConfig(), { timings: { closeMs: 200 } });
    const other = output("sleep 2; echo whole");
    await expect(shell.run("sleep 15", { deadlineMs: 500 })).rejects.toMatchObject({ code: "TIMEOUT" });
    expect(await output("echo next")).toBe("next\n");
    expect(await other).toBe("whole\n");
    await shell.close();
    await openssh.close();
  });
});

describe.skipIf(skipped)(nameWithReason("a host that gives no shell"), () => {
  it("is busy, with what to look at", async () => {
    const openssh = await startOpenSsh({ maxSessions: 0 });
    const { shell, output } = openShell(openssh.nodeConfig());
    await expect(output("echo")).rejects.toMatchObject({
      code: "HOST_BUSY",
      message: expect.stringMatching(/MaxSessions/),
    });
    await shell.close();
    await openssh.close();
  });
});
