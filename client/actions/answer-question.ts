import type { Api } from "../api/api.ts";
import { AnswerQuestionDocument, type AnswerQuestionMutation } from "../gql/graphql.ts";
import type { Vm } from "../inventory/state.ts";
import { newKey } from "./new-key.ts";

export type Question = NonNullable<Vm["question"]>;
export type Choice = Question["choices"][number];

export interface AnswerRequest {
  readonly vmId: string;
  readonly questionId: string;
  readonly choiceKey: string;
}

/** Answers the question that was shown, and no other one. @throws ApiFailure */
export async function answerQuestion(
  api: Api,
  request: AnswerRequest,
): Promise<AnswerQuestionMutation["answerQuestion"]> {
  const input = { ...request, idempotencyKey: newKey() };
  const { answerQuestion: answer } = await api.mutate(AnswerQuestionDocument, { input });
  return answer;
}
