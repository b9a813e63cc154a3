/** The question a VM waits with, as it stands in `runtime.question` of a summary (vim.vm.QuestionInfo). */
import type { QuestionChoice, VmQuestion } from "../../model.ts";
import { type DumpValue, isArray, isObject, textAt, valueAt } from "./dump-value.ts";

/**
 * Null when nothing is asked. A question of another shape than known still shows: it keeps what could be read of it,
 * with an empty id or text where there was none, because a VM that waits must be seen to wait.
 *
 * A choice's label is its text for people (`I Copied It`); the host's `label` may be a key (`button.uuid.copiedTheVM`).
 */
export function questionOf(value: DumpValue | undefined): VmQuestion | null {
  if (!isObject(value)) return null;
  return { id: wordOf(valueAt(value, "id")) ?? "", text: questionText(value), choices: choicesOf(value) };
}

function questionText(question: DumpValue): string {
  const text = textAt(question, "text");
  if (text !== null) return text;
  const messages = valueAt(question, "message");
  const texts = (isArray(messages) ? messages.items : []).flatMap((message) => textAt(message, "text") ?? []);
  return texts.join("\n");
}

function choicesOf(question: DumpValue): readonly QuestionChoice[] {
  const direct = valueAt(question, "choice");
  const list = isArray(direct) ? direct : valueAt(question, "choice", "choiceInfo");
  if (!isArray(list)) return [];
  const defaultIndex = valueAt(question, "choice", "defaultIndex");
  return list.items.flatMap((item, index): readonly QuestionChoice[] => {
    const key = wordOf(valueAt(item, "key"));
    if (key === null) return [];
    const label = textAt(item, "summary") ?? textAt(item, "label") ?? key;
    return [{ key, label, isDefault: index === defaultIndex }];
  });
}

function wordOf(value: DumpValue | undefined): string | null {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : null;
}
