/** What becomes of a task when the line to its host drops: it is watched, and nothing is sent twice. */
import { describe, expect, test } from "vitest";
import { createWorld, powerOf } from "./testing/world.ts";

describe("a line that drops", () => {
  test("a lost reply is made up for by watching", async () => {
    await using world = await createWorld();
    const vm = await world.addVm("web");
    world.host.faults.losesReply = true;
    const tasks = world.start();
    const { task } = await tasks.setPower(powerOf("ON"));
    const ended = await world.end(tasks, task?.id ?? "");
    expect(ended).toMatchObject({ state: "SUCCEEDED", commands: [`vim-cmd vmsvc/power.on '${vm.path}'`] });
    expect(world.host.actions).toHaveLength(1);
  });

  test("an act that is still on its way when its host is asked does not begin any more", async () => {
    await using world = await createWorld();
    await world.addVm("web");
    Object.assign(world.host.faults, { losesReply: true, delaysLostActMs: 15_000 });
    const tasks = world.start();
    const { task } = await tasks.setPower(powerOf("ON"));
    expect(await world.end(tasks, task?.id ?? "")).toMatchObject({ state: "FAILED", commands: [] });
    await world.clock.sleep(60_000);
    expect(world.host.actions).toEqual([]);
  });

  test("a host that was restarted meanwhile can't tell, so the outcome stays open", async () => {
    await using world = await createWorld();
    await world.addVm("web");
    Object.assign(world.host.faults, { losesRequest: true, restartedAtMs: Number.POSITIVE_INFINITY });
    const tasks = world.start();
    const { task } = await tasks.setPower(powerOf("ON"));
    expect(await world.end(tasks, task?.id ?? "")).toMatchObject({
      state: "UNKNOWN",
      error: { code: "OUTCOME_UNKNOWN", message: expect.stringContaining("restarted") },
    });
  });

  test("a request that never arrived is told as such, and not sent again", async () => {
    await using world = await createWorld();
    await world.addVm("web");
    world.host.faults.losesRequest = true;
    const tasks = world.start();
    const { task } = await tasks.setPower(powerOf("ON"));
    const ended = await world.end(tasks, task?.id ?? "");
    expect(ended).toMatchObject({ state: "FAILED", error: { code: "HOST_UNREACHABLE" } });
    expect(ended.error?.message).toContain("nothing was done");
    expect(world.host.actions).toEqual([]);
  });

  test("a host that goes away for good leaves the outcome open", async () => {
    await using world = await createWorld();
    await world.addVm("web", { powerState: "ON" });
    const tasks = world.start();
    const { task } = await tasks.setPower(powerOf("SHUTDOWN"));
    while (world.host.actions.length === 0) await world.clock.sleep(100);
    world.host.faults.isDown = true;
    const ended = await world.end(tasks, task?.id ?? "");
    expect(ended).toMatchObject({ state: "UNKNOWN", error: { code: "OUTCOME_UNKNOWN" } });
    expect(ended.result).toContain("Look whether the VM is powered off");
  });

  test("a host that comes back in time is judged by what it shows", async () => {
    await using world = await createWorld();
    await world.addVm("web", { powerState: "ON" });
    const tasks = world.start();
    const { task } = await tasks.setPower(powerOf("SHUTDOWN"));
    while (world.host.actions.length === 0) await world.clock.sleep(100);
    world.host.faults.isDown = true;
    void world.clock.sleep(60_000).then(() => (world.host.faults.isDown = false));
    expect(await world.end(tasks, task?.id ?? "")).toMatchObject({ state: "SUCCEEDED" });
  });

  test("a node that is known to be away is asked first, so nothing is sent", async () => {
    await using world = await createWorld();
    await world.addVm("web");
    await world.setNode({ status: "UNREACHABLE" });
    world.host.faults.isDown = true;
    const tasks = world.start();
    const { task } = await tasks.setPower(powerOf("ON"));
    expect(await world.end(tasks, task?.id ?? "")).toMatchObject({
      state: "FAILED",
      sentAt: null,
      error: { code: "HOST_UNREACHABLE" },
    });
  });

  test("a refused login means that nothing was sent", async () => {
    await using world = await createWorld();
    await world.addVm("web");
    world.host.faults.refusesLogin = true;
    const tasks = world.start();
    const { task } = await tasks.setPower(powerOf("ON"));
    expect(await world.end(tasks, task?.id ?? "")).toMatchObject({ state: "FAILED", error: { code: "AUTH_FAILED" } });
  });

  test("a VM that vanishes while it is watched leaves the outcome open", async () => {
    await using world = await createWorld();
    await world.addVm("web", { powerState: "ON", obeys: false });
    const tasks = world.start();
    const { task } = await tasks.setPower(powerOf("SHUTDOWN"));
    while (world.host.actions.length === 0) await world.clock.sleep(100);
    world.host.vms.length = 0;
    expect(await world.end(tasks, task?.id ?? "")).toMatchObject({
      state: "UNKNOWN",
      error: { message: expect.stringContaining("Unable to find a VM") },
    });
  });
});
