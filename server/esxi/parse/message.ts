/** `vim-cmd vmsvc/message ID`: the question a VM waits with. */
import type { QuestionChoice, VmQuestion } from "../../model.ts";
import { findFault } from "./fault.ts";
import { hostdTrouble } from "./hostd-trouble.ts";
import { excerpt, type Parsed, withoutTerminalCr } from "./parsed.ts";

const defaultMark = " [default]";

/** Null: the VM asks nothing. A question's text is what stands between its heading and its choices. Never throws. */
export function parseMessage(output: string): Parsed<VmQuestion | null> {
  const lines = withoutTerminalCr(output).trim().split("\n");
  if (lines[0]?.trim() === "No message.") return { ok: null };
  const id = /^Virtual machine message ([^\s:]{1,100}):\s*$/.exec(lines[0] ?? "")?.[1];
  if (id === undefined) return { failed: findFault(output)?.message ?? hostdTrouble(output) ?? excerpt(output) };
  const firstChoice = firstOfLastChoices(lines);
  const text = lines.slice(1, firstChoice).join("\n").trim();
  return { ok: { id, text, choices: lines.slice(firstChoice).flatMap((line) => readChoice(line) ?? []) } };
}

/** The choices are the lines at the end; a text before them may look like one. */
function firstOfLastChoices(lines: readonly string[]): number {
  let first = lines.length;
  while (first > 1 && readChoice(lines[first - 1] ?? "") !== undefined) first -= 1;
  return first;
}

/** `   2. button.uuid.copiedTheVM (I Copied It) [default]`: number, key, text for people. Without one, the key is shown. */
function readChoice(line: string): QuestionChoice | undefined {
  const choice = /^ {0,8}(\d{1,6})\. (.*)$/.exec(line);
  const [, key, words] = choice ?? [];
  if (key === undefined || words === undefined) return undefined;
  const trimmed = words.trimEnd();
  const isDefault = trimmed.endsWith(defaultMark);
  const named = isDefault ? trimmed.slice(0, -defaultMark.length).trimEnd() : trimmed;
  return { key, label: lastParenthesis(named) ?? named, isDefault };
}

/** What stands in the parentheses that end a text; they may hold others. */
function lastParenthesis(text: string): string | undefined {
  let depth = 0;
  for (let at = text.length - 1; at >= 0 && text.endsWith(")"); at -= 1) {
    if (text[at] === ")") depth += 1;
    if (text[at] === "(") depth -= 1;
    if (depth === 0) return text.slice(at + 1, -1).trim() || undefined;
  }
  return undefined;
}
