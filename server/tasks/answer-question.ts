/** Answers the question that blocks a VM: the question and its choice are checked here and again on the host. */
import type { UserError } from "../errors.ts";
import type { Task, Vm, VmId } from "../model.ts";
import { type Act, type ActRoom, type Aim, actSteps, aimAt, driverOf, forgetAct, isDriver } from "./act.ts";
import { type AnswerCase, answerWording, judgeAnswer, judgeAnswerAtDeadline } from "./answer-judge.ts";
import type { Deadlines } from "./deadlines.ts";
import { questionText } from "./judge.ts";
import { subjectOf } from "./power-words.ts";
import { judgeRefused } from "./refusal.ts";
import { recoverAct, sendAct } from "./send.ts";
import { failed, succeeded } from "./settlement.ts";
import type { Checked, UseCase } from "./use-case.ts";

export interface AnswerAsked {
  readonly vmId: VmId;
  readonly questionId: string;
  readonly choiceKey: string;
}

/** The task's input; the label is what the caller saw, so that the host can tell whether the key still means it. */
interface AnswerInput extends Aim {
  readonly asked: AnswerAsked;
  readonly choiceLabel: string;
}

export function createAnswerUseCase(room: ActRoom, deadlines: Deadlines): UseCase {
  function actOf(task: Pick<Task, "id" | "node">, input: AnswerInput): Act {
    const { vmId, questionId, choiceKey } = input.asked;
    const { choiceLabel } = input;
    const answer: AnswerCase = { vmName: input.name, node: task.node, questionId, choiceLabel };
    const wording = answerWording(answer);
    return {
      node: task.node,
      vmId,
      request: { actId: task.id, vm: input.vm, act: { kind: "answer", questionId, choiceKey, choiceLabel } },
      aim: { vm: input.vm, name: input.name, before: input.before },
      wording,
      deadlineMs: deadlines.answer,
      judgeReceipt(receipt) {
        if (receipt.outcome === "started") return undefined;
        if (receipt.outcome === "refused")
          return judgeRefused(receipt, { deed: wording.deed, expectedPowerState: null });
        return succeeded(`${subjectOf(answer)} no longer asks question ${questionId}; nothing was done.`);
      },
      judge: (history) => judgeAnswer(answer, history),
      judgeAtDeadline: (history) => judgeAnswerAtDeadline(answer, history),
    };
  }

  function check(asked: AnswerAsked): Checked {
    const vm = room.inventory.vm(asked.vmId);
    if (vm === undefined) return { plan: null, userErrors: [notFound(asked.vmId)] };
    const driver = driverOf(vm.node, room);
    const nodeErrors = isDriver(driver) ? [] : [{ ...driver, path: ["input", "vmId"] }];
    const choiceLabel = vm.question?.choices.find(({ key }) => key === asked.choiceKey)?.label ?? "";
    const facts = { ...aimAt(vm, room.inventory.usage(vm.id)), choiceLabel };
    const { request } = actOf({ id: "dry-run", node: vm.node }, { ...facts, asked });
    const commands = () => (isDriver(driver) ? driver.plan(request) : []);
    return {
      plan: { node: vm.node, vmId: vm.id, facts, commands },
      userErrors: [...nodeErrors, ...questionErrors(asked, vm)],
    };
  }

  return {
    kind: "ANSWER_QUESTION",
    steps: Object.values(actSteps),
    lane: "act",
    cancellation: "before-sent",
    check: async (asked) => check(asked as unknown as AnswerAsked),
    async run(handle) {
      const input = inputOf(handle.task);
      const vm = room.inventory.vm(input.asked.vmId);
      if (vm === undefined)
        return failed("NOT_FOUND", `VM "${input.name}" is gone since the request was made. Nothing was sent.`);
      return sendAct(actOf(handle.task, { ...input, ...aimAt(vm, room.inventory.usage(vm.id)) }), handle, room);
    },
    recover: (handle) => recoverAct(actOf(handle.task, inputOf(handle.task)), deadlines.afterRestart, { handle, room }),
    tidy: (task) => forgetAct(task, room),
  };
}

function inputOf(task: Task): AnswerInput {
  return task.input as unknown as AnswerInput;
}

function notFound(vmId: VmId): UserError {
  return { code: "NOT_FOUND", message: `There is no VM with the id ${JSON.stringify(vmId)}.`, path: ["input", "vmId"] };
}

function questionErrors(asked: AnswerAsked, vm: Vm): readonly UserError[] {
  const subject = subjectOf({ vmName: vm.name, node: vm.node });
  if (vm.question === null)
    return [
      {
        code: "CONFLICT",
        message: `${subject} asks nothing now; its question was answered meanwhile or withdrawn.`,
        path: ["input", "questionId"],
      },
    ];
  if (vm.question.id !== asked.questionId) {
    const message = `${subject} does not ask question ${JSON.stringify(asked.questionId)} but ${questionText(vm.question)}. Read Vm.question again before you answer.`;
    return [{ code: "CONFLICT", message, path: ["input", "questionId"] }];
  }
  if (vm.question.choices.some(({ key }) => key === asked.choiceKey)) return [];
  const message = `${JSON.stringify(asked.choiceKey)} is none of the choices: ${subject} asks ${questionText(vm.question)}.`;
  return [{ code: "INVALID_INPUT", message, path: ["input", "choiceKey"] }];
}
