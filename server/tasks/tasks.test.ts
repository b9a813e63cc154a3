/** Power, answers and refreshes through the port, on a fake host that keeps its own log of what was done to it. */
import { describe, expect, test } from "vitest";
import { AppError } from "../errors.ts";
import type { PowerAction, PowerState } from "../model.ts";
import { movedOrCopied } from "./testing/fake-vm.ts";
import { createLifeline } from "./testing/severable.ts";
import { createWorld, node, powerOf, vmIdOf } from "./testing/world.ts";

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

  test("an act that is still on its way when the line drops is not declared lost", async () => {
    await using world = await createWorld();
    await world.addVm("web");
    Object.assign(world.host.faults, { losesReply: true, delaysLostActMs: 15_000 });
    const tasks = world.start();
    const { task } = await tasks.setPower(powerOf("ON"));
    expect(await world.end(tasks, task?.id ?? "")).toMatchObject({ state: "SUCCEEDED" });
  });

  test("a request that never arrived is told as such, and not sent again", async () => {
    await using world = await createWorld();
    await world.addVm("web");
    world.host.faults.losesRequest = true;
    const tasks = world.start();
    const { task } = await tasks.setPower(powerOf("ON"));
    const ended = await world.end(tasks, task?.id ?? "");
    expect(ended).toMatchObject({ state: "FAILED", error: { code: "HOST_UNREACHABLE" } });
    expect(ended.error?.message).toContain("did not reach the host");
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

describe("questions", () => {
  test("one that blocks a power-on is told with its choices; its answer lets the power-on go on", async () => {
    await using world = await createWorld();
    const vm = await world.addVm("web", { asksAtPowerOn: movedOrCopied });
    const tasks = world.start();
    const { task } = await tasks.setPower(powerOf("ON"));
    const ended = await world.end(tasks, task?.id ?? "");
    expect(ended).toMatchObject({ state: "FAILED", error: { code: "QUESTION_PENDING" } });
    expect(ended.error?.message).toMatch(
      /moved or copied.*1: I Moved It; 2: I Copied It \(default\).*answerQuestion; the power-on then goes on by itself/,
    );
    expect(world.known("web").question).toEqual(movedOrCopied);

    const request = {
      actor: "ann",
      idempotencyKey: null,
      dryRun: false,
      vmId: vmIdOf("web"),
      questionId: "12",
      choiceKey: "2",
    };
    const answered = await tasks.answerQuestion(request);
    expect(await world.end(tasks, answered.task?.id ?? "")).toMatchObject({
      state: "SUCCEEDED",
      commands: [expect.stringContaining("12 2")],
    });
    expect(world.known("web").question).toBeNull();
    expect(vm.powerState).toBe("ON");
    expect(world.host.actions.map(({ verb }) => verb)).toEqual(["ON", "ANSWER 2"]);
  });

  test("only the pending question and its own choices can be answered", async () => {
    await using world = await createWorld();
    await world.addVm("web", { question: movedOrCopied });
    await world.addVm("quiet");
    const tasks = world.start();
    const request = {
      actor: "ann",
      idempotencyKey: null,
      dryRun: false,
      vmId: vmIdOf("web"),
      questionId: "12",
      choiceKey: "2",
    };
    const faultsOf = async (change: object) => (await tasks.answerQuestion({ ...request, ...change })).userErrors;
    expect(await faultsOf({ questionId: "13" })).toMatchObject([{ code: "CONFLICT", path: ["input", "questionId"] }]);
    expect(await faultsOf({ choiceKey: "7" })).toMatchObject([{ code: "INVALID_INPUT", path: ["input", "choiceKey"] }]);
    expect(await faultsOf({ vmId: vmIdOf("quiet") })).toMatchObject([
      { code: "CONFLICT", path: ["input", "questionId"] },
    ]);
  });

  test("one that is another by now is not answered", async () => {
    await using world = await createWorld();
    const vm = await world.addVm("web", { question: movedOrCopied });
    const tasks = world.start();
    vm.question = { ...movedOrCopied, id: "13" };
    const { task } = await tasks.answerQuestion({
      actor: "ann",
      idempotencyKey: null,
      dryRun: false,
      vmId: vmIdOf("web"),
      questionId: "12",
      choiceKey: "2",
    });
    expect(await world.end(tasks, task?.id ?? "")).toMatchObject({ state: "FAILED", error: { code: "CONFLICT" } });
    expect(world.host.actions).toEqual([]);
  });
});

describe("refreshNode", () => {
  test("ends when the scan has ended", async () => {
    await using world = await createWorld();
    const vm = await world.addVm("web");
    vm.powerState = "ON";
    const tasks = world.start();
    const { task } = await tasks.refreshNode({ actor: "ann", name: node });
    expect(await world.end(tasks, task?.id ?? "")).toMatchObject({
      kind: "REFRESH_NODE",
      state: "SUCCEEDED",
      vmId: null,
    });
    expect(world.known("web").powerState).toBe("ON");
  });

  test("keeps the code and the words of a failure", async () => {
    await using world = await createWorld();
    const refresh = () => Promise.reject(new AppError("AUTH_FAILED", "esx1 refused the login; 12 minutes are left."));
    const tasks = world.start(undefined, { crawler: { observeVms: () => Promise.resolve(), refresh } });
    const { task } = await tasks.refreshNode({ actor: "ann", name: node });
    expect(await world.end(tasks, task?.id ?? "")).toMatchObject({
      state: "FAILED",
      error: { code: "AUTH_FAILED", message: expect.stringContaining("12 minutes") },
    });
  });

  test("tells at once of a node that is not there or switched off", async () => {
    await using world = await createWorld();
    const tasks = world.start();
    expect((await tasks.refreshNode({ actor: "ann", name: "nowhere" })).userErrors).toMatchObject([
      { code: "NOT_FOUND", path: ["name"] },
    ]);
    await world.setNode({ disabled: true });
    expect((await tasks.refreshNode({ actor: "ann", name: node })).userErrors).toMatchObject([
      { code: "NODE_DISABLED", path: ["name"] },
    ]);
  });
});
