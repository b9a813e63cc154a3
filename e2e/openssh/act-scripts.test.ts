/** What acting on a VM really calls on the host, and that it stops where it must. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AnswerAct } from "../../server/esxi/driver.ts";
import type { PowerAction } from "../../server/model.ts";
import { until } from "../harness/until.ts";
import { type StubQuestion, type StubVm, summaryText, vmxPath } from "./esxi-texts.ts";
import { actRequest, type FalseHost, lookAtEnd, lookUntil, startFalseHost } from "./false-host.ts";
import { nameWithReason, whatIsMissing } from "./missing.ts";

const skipped = whatIsMissing() !== undefined;
const vm: StubVm = { vmid: 7, name: "web server", power: "on", uuid: "564d0000-0000-4000-8000-00000000aaaa" };
const other: StubVm = { vmid: 8, name: "other", power: "on", uuid: "564d0000-0000-4000-8000-00000000bbbb" };
const path = vmxPath(vm);
const summary = (id: string | number): readonly string[] => ["vim-cmd", "vmsvc/get.summary", String(id)];
const taskList = ["vim-cmd", "vmsvc/get.tasklist", path];
const taskInfo = ["vim-cmd", "vimsvc/task_info", expect.stringMatching(/^haTask-7-vim\.VirtualMachine\.\w+-\d+$/)];

let host: FalseHost;
beforeAll(async () => {
  if (!skipped) host = await startFalseHost([]);
});
afterAll(() => host?.close());
beforeEach(async () => {
  if (skipped) return;
  await host.world.setVms([vm, other]);
  await host.world.setAcceptsPaths(true);
  await host.newCalls();
});

describe.skipIf(skipped)(nameWithReason("a power action under OpenSSH with busybox ash"), () => {
  const actions: readonly [PowerAction, string, boolean][] = [
    ["ON", "power.on", true],
    ["OFF", "power.off", true],
    ["SHUTDOWN", "power.shutdown", false],
    ["REBOOT", "power.reboot", false],
    ["RESET", "power.reset", true],
    ["SUSPEND", "power.suspend", true],
  ];

  it.each(actions)("%s reads the VM, then acts by its path", async (action, verb, hasTask) => {
    await host.world.setPower(7, action === "ON" ? "off" : "on");
    const request = actRequest(vm, action);
    const receipt = await host.driver.act(request, {});
    expect(receipt).toMatchObject({ outcome: "started", commands: [`vim-cmd vmsvc/${verb} '${path}'`] });
    await lookAtEnd(host, request);
    const calls = await host.newCalls();
    const task = hasTask ? [taskList, taskInfo] : [];
    expect(calls.slice(0, 2)).toEqual([summary(7), ["vim-cmd", `vmsvc/${verb}`, path]]);
    expect(calls.filter(([, word]) => /task/.test(word ?? ""))).toEqual(task);
    expect((await host.world.changes()).at(-1)).toBe(`${verb} ${path}`);
  });

  it("takes the vmid where the host knows no paths, and looks before and afterwards whose it is", async () => {
    await host.world.setAcceptsPaths(false);
    const request = actRequest(vm, "SHUTDOWN");
    await host.driver.act(request, {});
    await until(async () => (await readdir(join(host.world.root, "tmp", `ecoman-${request.actId}`))).includes("exit"));
    expect(await host.newCalls()).toEqual([
      summary(7),
      ["vim-cmd", "vmsvc/power.shutdown", path],
      summary(7),
      ["vim-cmd", "vmsvc/power.shutdown", "7"],
      summary(7),
    ]);
    expect(await host.driver.look(request, {})).toMatchObject({ command: "ended", exitCode: 0 });
    expect(await host.newCalls()).toEqual([summary(7)]);
  });

  it("does not take a vmid that became another VM's meanwhile", async () => {
    await host.world.setAcceptsPaths(false);
    await host.world.setDelay("vim-cmd", 1);
    const before = await host.world.changes();
    const request = actRequest(vm, "OFF");
    expect((await host.driver.act(request, {})).outcome).toBe("started");
    await until(async () => (await host.world.calls()).some(({ argv }) => argv[1] === "vmsvc/power.off"));
    await host.world.setVms([
      { ...vm, vmid: 9 },
      { ...other, vmid: 7 },
    ]);
    const report = await lookAtEnd(host, request);
    await host.world.setDelay("vim-cmd", 0);
    expect(report).toMatchObject({ exitCode: 1, failure: { code: "NOT_FOUND" }, summary: null });
    expect(await host.world.changes()).toEqual(before);
  });

  it("finds the VM by its path when it was registered anew under another vmid", async () => {
    const request = actRequest(vm, "RESET");
    await host.driver.act(request, {});
    await lookAtEnd(host, request);
    await host.world.setVms([
      { ...vm, vmid: 9 },
      { ...other, vmid: 7 },
    ]);
    await host.newCalls();
    expect(await host.driver.look(request, {})).toMatchObject({
      command: "ended",
      summary: { vmid: 9, name: vm.name },
    });
    expect(await host.newCalls()).toEqual([summary(7), summary(path)]);
  });

  it("leaves nothing behind once it is forgotten", async () => {
    const request = actRequest(vm, "OFF");
    await host.driver.act(request, {});
    await lookAtEnd(host, request);
    const left = () => readdir(join(host.world.root, "tmp"));
    expect(await left()).toContain(`ecoman-${request.actId}`);
    await host.newCalls();
    await host.driver.forget([request.actId], {});
    expect(await host.newCalls()).toEqual([]);
    expect(await left()).not.toContain(`ecoman-${request.actId}`);
  });
});

describe.skipIf(skipped)(nameWithReason("a question under OpenSSH with busybox ash"), () => {
  const question: StubQuestion = {
    id: "_vmx1",
    text: 'This VM might have been moved or copied. If you don\'t know, answer "I Copied It".',
    choices: [
      { key: "0", name: "button.uuid.cancel", label: "Cancel" },
      { key: "1", name: "button.uuid.movedTheVM", label: "I Moved It" },
      { key: "2", name: "button.uuid.copiedTheVM", label: "I Copied It (all of it)" },
    ],
  };
  const answer: AnswerAct = {
    kind: "answer",
    questionId: "_vmx1",
    choiceKey: "2",
    choiceLabel: "I Copied It (all of it)",
  };
  const off: StubVm = { ...vm, power: "off" };
  const silent: StubVm = {
    ...off,
    summary: summaryText(off).replace("@QUESTION@", "      question = (vim.vm.QuestionInfo) null, "),
  };

  it.each([
    ["shows", off],
    ["hides", silent],
  ])("holds up power.on but not its channel, and is answered, where the summary %s it", async (_what, asking) => {
    await host.world.setVms([asking, other]);
    await host.world.askAtPowerOn(7, question);
    const powerOn = actRequest(asking, "ON");
    expect(await host.driver.act(powerOn, {})).toMatchObject({ outcome: "started" });
    const asked = await lookUntil(host, powerOn, (look) => Boolean(look.summary?.question));
    expect(asked).toMatchObject({ command: "running", summary: { powerState: "OFF" } });
    expect(asked.summary?.question).toMatchObject({
      id: "_vmx1",
      choices: [{ key: "0" }, { key: "1" }, { key: "2", label: "I Copied It (all of it)" }],
    });
    await host.newCalls();

    const reply = actRequest(asking, answer);
    expect(await host.driver.act(reply, {})).toMatchObject({ outcome: "started" });
    expect(await lookAtEnd(host, powerOn)).toMatchObject({
      exitCode: 0,
      summary: { powerState: "ON", question: null },
    });
    expect((await host.newCalls()).slice(0, 3)).toEqual([
      summary(7),
      ["vim-cmd", "vmsvc/message", "7"],
      ["vim-cmd", "vmsvc/message", path, "_vmx1", "2"],
    ]);
    expect((await host.world.changes()).slice(-2)).toEqual([`message _vmx1 2 ${path}`, `power.on ${path}`]);
  });

  it.each([
    ["another question", { questionId: "_vmx2" }],
    ["another key", { choiceKey: "1" }],
    ["another label", { choiceLabel: "I Copied It" }],
    ["a part of the label", { choiceLabel: "all of it" }],
  ])("is not answered where the host asks otherwise: %s", async (_what, wrong) => {
    await host.world.setVms([off, other]);
    await host.world.askAtPowerOn(7, question);
    const powerOn = actRequest(off, "ON");
    await host.driver.act(powerOn, {});
    await lookUntil(host, powerOn, (look) => Boolean(look.summary?.question));
    const before = await host.world.changes();
    const receipt = await host.driver.act(actRequest(off, { ...answer, ...wrong }), {});
    expect(receipt).toMatchObject({ outcome: "refused", reason: "changed" });
    expect(await host.driver.act(actRequest(off, "ON"), {})).toMatchObject({ outcome: "refused", reason: "question" });
    expect(await host.world.changes()).toEqual(before);
    await host.driver.act(actRequest(off, { ...answer, choiceKey: "0", choiceLabel: "Cancel" }), {});
    expect(await lookAtEnd(host, powerOn)).toMatchObject({ exitCode: 1, summary: { powerState: "OFF" } });
  });

  it("is not answered when nothing is asked any more", async () => {
    const receipt = await host.driver.act(actRequest(vm, answer), {});
    expect(receipt).toMatchObject({ outcome: "refused", reason: "changed" });
  });
});
