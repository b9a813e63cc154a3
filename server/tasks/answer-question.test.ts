/** Questions that block a VM, and their answers. */
import { describe, expect, test } from "vitest";
import { movedOrCopied } from "./testing/fake-vm.ts";
import { createWorld, powerOf, vmIdOf } from "./testing/world.ts";

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
