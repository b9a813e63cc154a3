/** Steps that are sent twice, fenced, cut off, or sent by two at once: each has one effect, and its end is seen. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  actOf,
  lookAtEnd,
  makingSteps,
  orderOf,
  runStep,
  runSteps,
  startCreationHost,
  untilCalled,
} from "./creation-case.ts";
import type { FalseHost } from "./false-host.ts";
import { nameWithReason, whatIsMissing } from "./missing.ts";
import { readTree } from "./tree.ts";

const skipped = whatIsMissing() !== undefined;

describe.skipIf(skipped)(nameWithReason("a creation's steps as acts, under busybox ash"), () => {
  let host: FalseHost;
  let mount: string;
  beforeAll(async () => {
    ({ host, mount } = await startCreationHost());
  });
  afterAll(() => host?.close());
  beforeEach(() => host.newCalls());

  const verbs = async () => (await host.newCalls()).map((words) => words.slice(0, 2).join(" "));

  it("has one effect however often it is sent", async () => {
    const order = orderOf("twice");
    await runStep(host, order, "claim");
    const act = actOf("disk");
    await host.world.setHanging("vmkfstools", true);
    const first = host.driver.creation.begin(order, act, {});
    await untilCalled(host, "vmkfstools -c");
    const second = await host.driver.creation.begin(order, act, {});
    expect(second.act).toMatchObject({ state: "running", percent: 40 });
    await host.world.setHanging("vmkfstools", false);
    await first;
    expect(await lookAtEnd(host, order, act.actId)).toMatchObject({ act: { exit: "done" } });
    const third = await host.driver.creation.begin(order, act, {});
    expect(third.act).toMatchObject({ state: "ended", exit: "done" });
    expect(await verbs()).toEqual(["vmkfstools -c"]);
  });

  it("is never begun after a fence, and shows no trace", async () => {
    const order = orderOf("fenced");
    const act = actOf("claim");
    expect(await host.driver.fence({ actId: act.actId, sentAt: new Date().toISOString() }, {})).toBe("fenced");
    const sight = await host.driver.creation.begin(order, act, {});
    expect(sight).toMatchObject({ folder: "absent", act: { state: "absent", exit: null, output: "" } });
    expect(await readdir(mount)).not.toContain("fenced");
  });

  it("is told by a fence to have begun, and stays as it is", async () => {
    const order = orderOf("begun");
    const act = actOf("claim");
    await runStep(host, order, act);
    expect(await host.driver.fence({ actId: act.actId, sentAt: new Date().toISOString() }, {})).toBe("begun");
    const sight = await host.driver.creation.look(order, act.actId, {});
    expect(sight).toMatchObject({ folder: "ours", act: { state: "ended", exit: "done" } });
  });

  it("leaves no trace after a restart of the host, but its mark", async () => {
    const order = orderOf("restarted");
    const act = actOf("claim");
    await runStep(host, order, act);
    await host.driver.forget([act.actId], {});
    expect(await host.driver.creation.look(order, act.actId, {})).toMatchObject({
      folder: "ours",
      act: { state: "absent", exit: null },
    });
  });

  it.each([
    ["disk", "vmkfstools", "vmkfstools -c"],
    ["register", "vim-cmd", "vim-cmd solo/registervm"],
  ] as const)(
    "goes on when the line is cut in the midst of %s, and a later look shows its end",
    async (step, name, call) => {
      const order = orderOf(`cut ${step}`);
      await runSteps(host, order, step === "disk" ? ["claim"] : ["claim", "disk", "configure"]);
      await host.world.setHanging(name, true);
      const act = actOf(step);
      const begun = host.driver.creation.begin(order, act, {}).catch((error: unknown) => error);
      await untilCalled(host, call);
      host.driver.disconnect();
      if (step === "register") expect(await begun).toMatchObject({ code: expect.stringMatching(/^(HOST_|OUTPUT_)/) });
      await begun;
      if (step === "disk") {
        expect(await host.driver.creation.look(order, act.actId, {})).toMatchObject({ act: { state: "running" } });
      }
      await host.world.setHanging(name, false);
      const sight = await lookAtEnd(host, order, act.actId);
      expect(sight).toMatchObject({ act: { exit: "done" } });
      expect(sight.vmids).toHaveLength(step === "register" ? 1 : 0);
    },
  );

  it("gives the folder to one of two that claim it at once", async () => {
    const rivals = [orderOf("wanted"), orderOf("wanted"), orderOf("wanted")];
    const sights = await Promise.all(rivals.map((order) => runStep(host, order, "claim")));
    const exits = sights.map(({ act }) => act.exit);
    expect(exits.filter((exit) => exit === "taken")).toHaveLength(2);
    expect(exits).toContain("done");
    const winner = rivals[exits.indexOf("done")];
    expect(await readFile(join(mount, "wanted/.ecoman-job"), "utf8")).toBe(`job ${winner?.jobId}\n`);
    const undone = await Promise.all(rivals.map((order) => runStep(host, order, "undo")));
    expect(undone.map(({ act }) => act.exit)).toEqual(exits.map((exit) => (exit === "done" ? "done" : "not-ours")));
  });

  it("makes several at once, each for itself", async () => {
    const orders = ["one", "two", "three (3)", "four+4"].map((name) => orderOf(name, { comment: name }));
    const vmids = await Promise.all(
      orders.map(async (order) => {
        for (const step of makingSteps.slice(0, -1)) expect((await runStep(host, order, step)).act.exit).toBe("done");
        return (await runStep(host, order, "finish")).vmids ?? [];
      }),
    );
    expect(new Set(vmids.flat()).size).toBe(orders.length);
    for (const order of orders) {
      const { name } = order.blueprint;
      const { text } = host.driver.creation.plan(order).vmx;
      expect(await readFile(join(mount, name, `${name}.vmx`), "utf8")).toBe(text);
    }
    expect((await verbs()).filter((call) => call === "vim-cmd solo/registervm")).toHaveLength(orders.length);
  });

  it("is not begun where /tmp takes nothing: the error says so, and nothing was touched", async () => {
    const before = await readTree(mount);
    const act = actOf("claim");
    await writeFile(join(host.world.root, "tmp", `ecoman-${act.actId}`), "in the way");
    const begun = host.driver.creation.begin(orderOf("no tmp"), act, {});
    await expect(begun).rejects.toMatchObject({ code: "OUT_OF_SPACE" });
    expect(await readTree(mount)).toEqual(before);
  });
});
