import { builder } from "./builder.ts";
import { keyFaults, refused, repeatableFields, requestOf } from "./mutation-input.ts";
import { commandsDescription, payloadOf } from "./mutation-payload.ts";
import { VmType } from "./vm-type.ts";

const AnswerQuestionInput = builder.inputType("AnswerQuestionInput", {
  description: "Which question, and the answer.",
  fields: (t) => ({
    vmId: t.id({ required: true, description: "The VM's `id`." }),
    questionId: t.id({
      required: true,
      description: "`Vm.question.id`: another question is never answered by mistake.",
    }),
    choiceKey: t.string({ required: true, description: "`key` of one of `Vm.question.choices`." }),
    ...repeatableFields(t),
  }),
});

const AnswerQuestionPayload = payloadOf("AnswerQuestionPayload", "What came of `answerQuestion`.");

builder.objectFields(AnswerQuestionPayload, (t) => ({
  vm: t.field({
    type: VmType,
    nullable: true,
    description: "The VM as it is known now. Null when there is none.",
    resolve: ({ subject }, _, { inventory }) => inventory.vm(subject),
  }),
  commands: t.stringList({ description: commandsDescription, resolve: ({ answer }) => answer.commands }),
}));

builder.mutationField("answerQuestion", (t) =>
  t.field({
    type: AnswerQuestionPayload,
    description:
      "Answers the question a VM waits for. The question is checked again on the host before it is answered.",
    args: { input: t.arg({ type: AnswerQuestionInput, required: true, description: "The answer." }) },
    resolve: async (_, { input }, context) => {
      const faults = keyFaults(input);
      const { vmId, questionId, choiceKey } = input;
      const request = { ...requestOf(input, context), vmId, questionId, choiceKey };
      const answer = faults.length > 0 ? refused(faults) : await context.tasks.answerQuestion(request);
      return { subject: vmId, answer };
    },
  }),
);
