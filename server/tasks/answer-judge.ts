/** When an answer has taken effect: the question is gone. Pure. */
import type { NodeName, VmQuestion } from "../model.ts";
import {
  hasEndedInSilence,
  judgeRefusal,
  judgeStray,
  judgeUnreadable,
  looksAfterSuccess,
  notObserved,
  questionText,
  saysNo,
  type Wording,
  whatHidTheVm,
} from "./judge.ts";
import { subjectOf } from "./power-words.ts";
import { failed, succeeded } from "./settlement.ts";
import type { Settlement } from "./use-case.ts";
import type { WatchHistory } from "./watch-history.ts";

export interface AnswerCase {
  readonly vmName: string;
  readonly node: NodeName;
  readonly questionId: string;
  readonly choiceLabel: string;
}

/** Undefined: go on watching. */
export function judgeAnswer(answer: AnswerCase, history: WatchHistory): Settlement | undefined {
  const wording = answerWording(answer);
  const stray = judgeStray(history, wording);
  if (stray !== undefined) return stray;
  const summary = history.report?.summary ?? null;
  if (summary === null) return judgeUnreadable(history, wording);
  const stillAsked = summary.question?.id === answer.questionId;
  // A host that prints a question only where it can be answered may show none after a wrong answer.
  if (!stillAsked && !saysNo(history)) return succeeded(answered(answer, summary.question));
  const refusal = judgeRefusal(history, wording);
  if (refusal !== undefined || !hasEndedInSilence(history, looksAfterSuccess)) return refusal;
  return failed(
    "HOST_REFUSED",
    `The host took the answer without a word of failure, but ${subjectOf(answer)} still asks. See the task's hostOutput.`,
  );
}

export function judgeAnswerAtDeadline(answer: AnswerCase, history: WatchHistory): Settlement {
  return notObserved(answerWording(answer), whatHidTheVm(history) ?? "the VM still asks");
}

export function answerWording(answer: AnswerCase): Wording {
  return {
    deed: `answer question ${answer.questionId} of ${subjectOf(answer)} with "${answer.choiceLabel}"`,
    lookFor: "the VM still asks",
  };
}

function answered(answer: AnswerCase, next: VmQuestion | null): string {
  const done = `Question ${answer.questionId} of ${subjectOf(answer)} was answered with "${answer.choiceLabel}".`;
  return next === null ? done : `${done} It now asks ${questionText(next)}.`;
}
