import type { QuestionChoice, VmQuestion } from "../model.ts";
import { builder } from "./builder.ts";

const QuestionChoiceType = builder.objectRef<QuestionChoice>("VmQuestionChoice").implement({
  description: "One possible answer to a VM's question.",
  fields: (t) => ({
    key: t.exposeString("key", { description: "What to give `answerQuestion` as `choiceKey`." }),
    label: t.exposeString("label", { description: "The answer in the host's words." }),
    default: t.exposeBoolean("isDefault", { description: "Does the host suggest this one?" }),
  }),
});

export const VmQuestionType = builder.objectRef<VmQuestion>("VmQuestion").implement({
  description: "A question a VM asks and waits for.",
  fields: (t) => ({
    id: t.exposeID("id", { description: "The host's own id of the question, for `answerQuestion`." }),
    text: t.exposeString("text", { description: "The question in the host's words." }),
    choices: t.field({
      type: [QuestionChoiceType],
      description: "The possible answers.",
      resolve: (question) => question.choices,
    }),
  }),
});
