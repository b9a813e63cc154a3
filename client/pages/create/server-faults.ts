/** What the server found wrong, at the fields it names. Pure. */
import type { Faults } from "./checks.ts";
import type { FieldName, Form } from "./form.ts";
import { fieldAt } from "./input.ts";
import type { Said } from "./use-preview.ts";

export interface ServerFaults {
  readonly byField: Faults;
  /** What concerns no field. */
  readonly others: readonly string[];
}

/** What was changed since, or stands on another node now, is not at fault before it was asked again. */
export function serverFaults(said: Said | undefined, now: Form): ServerFaults {
  if (said === undefined || said.form.node !== now.node) return { byField: {}, others: [] };
  const byField: Partial<Record<FieldName, string>> = {};
  const others: string[] = [];
  for (const { message, path } of said.answer.userErrors) {
    const field = fieldAt(path);
    if (field === undefined) others.push(message);
    else if (said.form[field] === now[field]) byField[field] ??= message;
  }
  return { byField, others };
}
