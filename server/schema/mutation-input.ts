/** What mutations have in common. */
import type { InputFieldBuilder } from "@pothos/core";
import type { UserError } from "../errors.ts";
import type { SchemaTypes } from "./builder.ts";
import type { Context } from "./context.ts";
import type { TaskAnswer } from "./ports.ts";

type InputFields = InputFieldBuilder<SchemaTypes, "InputObject">;

const maxKeyLength = 200;

/** Fields of every input that leads to a task on a VM. */
export function repeatableFields(t: InputFields) {
  return {
    idempotencyKey: t.string({
      description:
        "Any text of 1 to 200 characters. The same key with the same input within 24 hours answers the same task " +
        "without acting again; with other input it is a CONFLICT.",
    }),
    dryRun: t.boolean({
      description: "Only answer the `commands` that would be run; nothing is done or recorded. Default false.",
    }),
  };
}

interface Repeatable {
  readonly idempotencyKey?: string | null;
  readonly dryRun?: boolean | null;
}

/** What the task runner wants to know of every request. */
export function requestOf(input: Repeatable, { viewer }: Context) {
  return { actor: viewer.name, idempotencyKey: input.idempotencyKey ?? null, dryRun: input.dryRun ?? false };
}

/** The fault of an idempotency key that can't be one. */
export function keyFaults({ idempotencyKey: key }: Repeatable): readonly UserError[] {
  if (key === undefined || key === null || (key.length > 0 && key.length <= maxKeyLength)) return [];
  const message = `An idempotency key has 1 to ${maxKeyLength} characters; this one has ${key.length}.`;
  return [{ code: "INVALID_INPUT", message, path: ["input", "idempotencyKey"] }];
}

export function refused(userErrors: readonly UserError[]): TaskAnswer {
  return { task: null, commands: [], userErrors };
}
