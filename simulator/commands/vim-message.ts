/** `vmsvc/message VMID [QUESTION CHOICE]`: shows the question a VM asks, or answers it. */
import { invalidArgument } from "../text/fault.ts";
import type { SimQuestion } from "../words.ts";
import { answerQuestion } from "../world/tasks.ts";
import type { HostCommand } from "./command.ts";
import { ok } from "./command.ts";
import { faulty, logAction, onVm } from "./vim-vm.ts";

export const answerMessage: HostCommand = onVm((call) => {
  const { vm, world, words } = call;
  const [questionId, choiceKey] = words;
  if (vm.question === null)
    return questionId === undefined ? ok("No message.\n") : faulty(invalidArgument("questionId"), world);
  if (questionId === undefined) return ok(questionText(vm.question));
  if (questionId !== vm.question.id) return faulty(invalidArgument("questionId"), world);
  if (!vm.question.choices.some((choice) => choice.key === choiceKey)) {
    return faulty(invalidArgument("answerChoice"), world);
  }
  logAction(call, "vmsvc/message");
  answerQuestion(vm, choiceKey ?? "");
  return ok();
});

function questionText(question: SimQuestion): string {
  const choices = question.choices.map((choice) => {
    const mark = choice.isDefault ? " [default]" : "";
    return `   ${choice.key}. ${choice.name ?? choice.label} (${choice.label})${mark}\n`;
  });
  return `Virtual machine message ${question.id}:\n${question.text}\n${choices.join("")}\n`;
}
