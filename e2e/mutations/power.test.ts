/** Power and questions through the API: what is asked, what the host did, what is told. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../harness/until.ts";
import { type Lab, openLab } from "./lab.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab[Symbol.asyncDispose]());

function actionsOn(vmid: number): readonly string[] {
  const { actionLog } = lab.simulated.simulator;
  return actionLog.filter((action) => action.host === "esx1" && action.vmid === vmid).map(({ command }) => command);
}

describe("a VM is", () => {
  const cases = [
    { name: "web", action: "ON", verb: "power.on", state: "ON", told: "is powered on" },
    { name: "web", action: "SUSPEND", verb: "power.suspend", state: "SUSPENDED", told: "is suspended" },
    { name: "web", action: "ON", verb: "power.on", state: "ON", told: "is powered on" },
    { name: "web", action: "RESET", verb: "power.reset", state: "ON", told: "was reset" },
    { name: "db", action: "REBOOT", verb: "power.reboot", state: "ON", told: "has rebooted" },
    { name: "db", action: "SHUTDOWN", verb: "power.shutdown", state: "OFF", told: "has shut down and is powered off" },
    { name: "web", action: "OFF", verb: "power.off", state: "OFF", told: "is powered off" },
  ];
  test.each(cases)("$told after $action", async ({ name, action, verb, state, told }) => {
    const vm = await lab.vm(name);
    const before = actionsOn(vm.vmid).length;
    const answer = await lab.setPower({ vmId: vm.id, action });
    expect(answer).toMatchObject({ userErrors: [], commands: [], vm: { id: vm.id }, task: { kind: "SET_POWER" } });
    const task = await lab.end(answer);
    expect(task).toMatchObject({
      state: "SUCCEEDED",
      result: `VM "${name}" on node esx1 ${told}.`,
      error: null,
      commands: [expect.stringMatching(new RegExp(`^vim-cmd vmsvc/${verb} /vmfs/volumes/\\S+/${name}\\.vmx$`))],
      steps: [
        { name: "Send the command", state: "DONE" },
        { name: "Watch the VM", state: "DONE" },
      ],
    });
    expect(actionsOn(vm.vmid).slice(before)).toEqual([`vmsvc/${verb}`]);
    // Whoever saw the task end sees the VM so.
    expect((await lab.vm(name)).powerState).toBe(state);
  });
});

test("what is asked for and already so is not done again", async () => {
  const vm = await lab.vm("idle");
  const task = await lab.end(await lab.setPower({ vmId: vm.id, action: "OFF" }));
  expect(task).toMatchObject({
    state: "SUCCEEDED",
    result: 'VM "idle" on node esx1 is already powered off; nothing was done.',
    commands: [],
  });
  expect(actionsOn(vm.vmid)).toEqual([]);
});

test("a VM that is off can't be reset", async () => {
  const vm = await lab.vm("idle");
  const { error, commands } = await lab.end(await lab.setPower({ vmId: vm.id, action: "RESET" }));
  expect(error).toEqual({
    code: "CONFLICT",
    message: 'ECoMan did not reset VM "idle" on node esx1: it is OFF, and only a VM that is ON can be asked for that.',
  });
  expect(commands).toEqual([]);
});

test("a guest without VMware Tools is not asked to shut down", async () => {
  const vm = await lab.vm("bare");
  const { error } = await lab.end(await lab.setPower({ vmId: vm.id, action: "SHUTDOWN" }));
  expect(error?.code).toBe("TOOLS_NOT_RUNNING");
  expect(error?.message).toMatch(/VMware Tools do not run in it.*or ask for OFF/);
  expect(actionsOn(vm.vmid)).toEqual([]);
});

test("a guest that ignores its shutdown is never switched off hard", async () => {
  const vm = await lab.vm("deaf");
  const { error } = await lab.end(await lab.setPower({ vmId: vm.id, action: "SHUTDOWN" }));
  expect(error?.code).toBe("GUEST_DID_NOT_RESPOND");
  expect(error?.message).toMatch(/still runs; nothing was forced.*ask for OFF to cut its power/);
  expect(actionsOn(vm.vmid)).toEqual(["vmsvc/power.shutdown"]);
  expect((await lab.vm("deaf")).powerState).toBe("ON");
});

describe("a VM that asks when it is switched on", () => {
  test("tells its question, and goes on when it is answered", async () => {
    const { vmid, id: vmId } = await lab.vm("copied");
    lab.simulated.simulator.host("esx1").askAtPowerOn(vmid);
    const { error, state } = await lab.end(await lab.setPower({ vmId, action: "ON" }));
    expect([state, error?.code]).toEqual(["FAILED", "QUESTION_PENDING"]);
    expect(error?.message).toMatch(
      /moved or copied.*0: Cancel; 1: I Moved It; 2: I Copied It \(default\).*answerQuestion/,
    );
    const { question } = await lab.vm("copied");
    expect(question?.choices).toEqual([
      { key: "0", label: "Cancel", default: false },
      { key: "1", label: "I Moved It", default: false },
      { key: "2", label: "I Copied It", default: true },
    ]);
    const questionId = question?.id;

    const [wrongQuestion] = (await lab.answer({ vmId, questionId: "999", choiceKey: "1" })).userErrors;
    expect(wrongQuestion).toMatchObject({ code: "CONFLICT", path: ["input", "questionId"] });
    expect(wrongQuestion?.message).toMatch(/does not ask question "999" but question .*Read Vm\.question again/);
    const [wrongChoice] = (await lab.answer({ vmId, questionId, choiceKey: "77" })).userErrors;
    expect(wrongChoice).toMatchObject({ code: "INVALID_INPUT", path: ["input", "choiceKey"] });
    const dry = await lab.answer({ vmId, questionId, choiceKey: "1", dryRun: true });
    expect(dry).toMatchObject({
      task: null,
      userErrors: [],
      commands: [expect.stringMatching(/ \S+copied\.vmx \S+ 1$/)],
    });
    expect(actionsOn(vmid)).not.toContain("vmsvc/message");

    const task = await lab.end(await lab.answer({ vmId, questionId, choiceKey: "1" }));
    expect(task).toMatchObject({ state: "SUCCEEDED", result: expect.stringContaining('answered with "I Moved It"') });
    const isOn = async () => {
      const vm = await lab.vm("copied");
      return vm.powerState === "ON" && vm.question === null;
    };
    await until(isOn, { what: "the VM to go on" });
    const [nothingAsked] = (await lab.answer({ vmId, questionId, choiceKey: "1" })).userErrors;
    expect(nothingAsked).toMatchObject({ code: "CONFLICT", path: ["input", "questionId"] });
  });

  test("stays off when its question is answered with Cancel", async () => {
    const { vmid, id: vmId } = await lab.vm("asking");
    lab.simulated.simulator.host("esx1").askAtPowerOn(vmid);
    await lab.end(await lab.setPower({ vmId, action: "ON" }));
    const { question } = await lab.vm("asking");
    const cancel = question?.choices.find(({ label }) => label === "Cancel");
    const task = await lab.end(await lab.answer({ vmId, questionId: question?.id, choiceKey: cancel?.key }));
    expect(task.state).toBe("SUCCEEDED");
    expect(await lab.vm("asking")).toMatchObject({ powerState: "OFF", question: null });
  });
});
