/** Power through the port, on a fake host that keeps its own log of what was done to it. */
import { describe, expect, test } from "vitest";
import type { PowerAction, PowerState } from "../model.ts";
import { createLifeline } from "./testing/severable.ts";
import { createWorld, node, powerOf } from "./testing/world.ts";

describe("setPower", () => {
  test.for<[PowerAction, PowerState, PowerState]>([
    ["ON", "OFF", "ON"],
    ["ON", "SUSPENDED", "ON"],
    ["OFF", "ON", "OFF"],
    ["SHUTDOWN", "ON", "OFF"],
    ["SUSPEND", "ON", "SUSPENDED"],
    ["REBOOT", "ON", "ON"],
    ["RESET", "ON", "ON"],
  ])("%s of a VM that is %s leaves it %s", async ([action, before, after]) => {
    await using world = await createWorld();
    const vm = await world.addVm("web", { powerState: before });
    const tasks = world.start();
    const asked = await tasks.setPower(powerOf(action));
    expect(asked).toMatchObject({ userErrors: [], task: { state: "QUEUED", kind: "SET_POWER", node, actor: "ann" } });
    const task = await world.end(tasks, asked.task?.id ?? "");
    expect(task).toMatchObject({
      state: "SUCCEEDED",
      error: null,
      commands: [`vim-cmd vmsvc/power.${action.toLowerCase()} '${vm.path}'`],
    });
    expect(task.steps.map(({ state }) => state)).toEqual(["DONE", "DONE"]);
    expect(world.host.actions).toEqual([{ actId: task.id, path: vm.path, verb: action }]);
    expect(vm.powerState).toBe(after);
    expect(world.known("web").powerState, "who sees the end sees the new state").toBe(after);
  });

  test("is recorded and audited before anything is done", async () => {
    await using world = await createWorld();
    await world.addVm("web");
    const lifeline = createLifeline({ atCall: 2, moment: "after" });
    const { task } = await world.start(lifeline).setPower(powerOf("ON"));
    expect(await world.store.audit()).toMatchObject([{ actor: "ann", action: "SET_POWER", taskId: task?.id }]);
    while (!lifeline.isCut) await world.clock.sleep(10);
    expect(await world.store.task(task?.id ?? "")).toMatchObject({ state: "RUNNING", sentAt: expect.any(String) });
    expect(world.host.actions).toEqual([]);
  });

  test("does nothing to a VM that is in the wanted state already", async () => {
    await using world = await createWorld();
    const vm = await world.addVm("web", { powerState: "OFF" });
    const tasks = world.start();
    vm.powerState = "ON";
    const { task } = await tasks.setPower(powerOf("ON"));
    expect(await world.end(tasks, task?.id ?? "")).toMatchObject({
      state: "SUCCEEDED",
      result: 'VM "web" on node esx1 is already powered on; nothing was done.',
    });
    expect(world.host.actions).toEqual([]);
    expect(world.known("web").powerState).toBe("ON");
  });

  test("a guest that ignores a shutdown is left running", async () => {
    await using world = await createWorld();
    const vm = await world.addVm("web", { powerState: "ON", obeys: false });
    const tasks = world.start();
    const { task } = await tasks.setPower(powerOf("SHUTDOWN"));
    const ended = await world.end(tasks, task?.id ?? "");
    expect(ended).toMatchObject({ state: "FAILED", error: { code: "GUEST_DID_NOT_RESPOND" } });
    expect(ended.error?.message).toContain("nothing was forced");
    expect(vm.powerState).toBe("ON");
    expect(world.host.actions.map(({ verb }) => verb)).toEqual(["SHUTDOWN"]);
  });

  test("a reboot that nothing shows ends as requested", async () => {
    await using world = await createWorld();
    await world.addVm("web", { powerState: "ON", obeys: false });
    const tasks = world.start();
    const { task } = await tasks.setPower(powerOf("REBOOT"));
    expect(await world.end(tasks, task?.id ?? "")).toMatchObject({
      state: "UNKNOWN",
      error: { code: "OUTCOME_UNKNOWN" },
      result: expect.stringContaining("was requested"),
    });
  });

  test("a reset whose host task is not to be had is told from the uptime", async () => {
    await using world = await createWorld();
    await world.addVm("web", { powerState: "ON" });
    world.host.faults.hidesHostTask = true;
    const tasks = world.start();
    const { task } = await tasks.setPower(powerOf("RESET"));
    expect(await world.end(tasks, task?.id ?? "")).toMatchObject({ state: "SUCCEEDED" });
  });

  test("'Power on failed' with the VM on is a success", async () => {
    await using world = await createWorld();
    await world.addVm("web");
    world.host.faults.liesAboutFailure = true;
    const tasks = world.start();
    const { task } = await tasks.setPower(powerOf("ON"));
    expect(await world.end(tasks, task?.id ?? "")).toMatchObject({ state: "SUCCEEDED" });
  });

  test("a refusal of the host comes with its words and its code", async () => {
    await using world = await createWorld();
    const refusal = {
      code: "LICENSE_RESTRICTED",
      text: "Current license or ESXi version prohibits execution of the requested operation.",
    } as const;
    await world.addVm("web", { refusal });
    const tasks = world.start();
    const { task } = await tasks.setPower(powerOf("ON"));
    const ended = await world.end(tasks, task?.id ?? "");
    expect(ended).toMatchObject({ state: "FAILED", error: { code: refusal.code }, hostOutput: refusal.text });
    expect(ended.error?.message).toContain(refusal.text);
  });

  test("missing tools are told without anything being done", async () => {
    await using world = await createWorld();
    await world.addVm("web", { powerState: "ON", toolsRun: false });
    const tasks = world.start();
    const { task } = await tasks.setPower(powerOf("SHUTDOWN"));
    expect(await world.end(tasks, task?.id ?? "")).toMatchObject({
      state: "FAILED",
      error: { code: "TOOLS_NOT_RUNNING" },
    });
    expect(world.host.actions).toEqual([]);
  });

  test("a VM that was re-registered since is left alone", async () => {
    await using world = await createWorld();
    const vm = await world.addVm("web");
    vm.vmid = 99;
    await world.addVm("other", { vmid: 1 });
    const tasks = world.start();
    const { task } = await tasks.setPower(powerOf("ON"));
    expect(await world.end(tasks, task?.id ?? "")).toMatchObject({ state: "FAILED", error: { code: "CONFLICT" } });
    expect(world.host.actions).toEqual([]);
  });

  test("all that is wrong is told at once, with the way to the field", async () => {
    await using world = await createWorld();
    await world.addVm("web", { powerState: "ON" });
    await world.setNode({ status: "DISABLED", disabled: true });
    const tasks = world.start();
    const { task, userErrors } = await tasks.setPower(powerOf("ON", { expectedPowerState: "OFF" }));
    expect(task).toBeNull();
    expect(userErrors.map(({ code, path }) => [code, path.join(".")])).toEqual([
      ["NODE_DISABLED", "input.vmId"],
      ["CONFLICT", "input.expectedPowerState"],
    ]);
    expect(userErrors[1]?.message).toMatch(/is ON, not OFF/);
    expect((await tasks.setPower(powerOf("ON", { vmId: "no-such" }))).userErrors).toMatchObject([
      { code: "NOT_FOUND", path: ["input", "vmId"] },
    ]);
    expect(await world.store.audit()).toEqual([]);
  });

  test("the host has the last word on the expected state", async () => {
    await using world = await createWorld();
    const vm = await world.addVm("web", { powerState: "ON" });
    const tasks = world.start();
    vm.powerState = "SUSPENDED";
    const { task } = await tasks.setPower(powerOf("OFF", { expectedPowerState: "ON" }));
    const ended = await world.end(tasks, task?.id ?? "");
    expect(ended).toMatchObject({ state: "FAILED", error: { code: "CONFLICT" } });
    expect(ended.error?.message).toContain("it is SUSPENDED, not ON");
    expect(world.host.actions).toEqual([]);
  });

  test("a dry run tells the commands and leaves no trace", async () => {
    await using world = await createWorld();
    const vm = await world.addVm("web");
    const answer = await world.start().setPower(powerOf("ON", { dryRun: true, idempotencyKey: "k" }));
    expect(answer).toEqual({ task: null, userErrors: [], commands: [`vim-cmd vmsvc/power.on '${vm.path}'`] });
    expect(await world.store.audit()).toEqual([]);
  });
});
