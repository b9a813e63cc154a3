import { builder } from "./builder.ts";
import { UserErrorType } from "./error-code.ts";
import type { TaskAnswer } from "./ports.ts";
import { TaskType } from "./task-type.ts";

export interface MutationPayload {
  readonly answer: TaskAnswer;
  /** What the mutation was about: the VM's id or the node's name. */
  readonly subject: string;
}

/** Defines the payload of a mutation with `task` and `userErrors`; the file of the use case adds the object. */
export function payloadOf(name: string, description: string) {
  const payload = builder.objectRef<MutationPayload>(name);
  payload.implement({
    description,
    fields: (t) => ({
      task: t.field({
        type: TaskType,
        nullable: true,
        description: "The task that does it, recorded and answered at once; null after user errors and for a dry run.",
        resolve: ({ answer }) => answer.task,
      }),
      userErrors: t.field({
        type: [UserErrorType],
        description: "Why nothing was done; empty when all is well.",
        resolve: ({ answer }) => answer.userErrors,
      }),
    }),
  });
  return payload;
}

export const commandsDescription = "For a dry run: the command lines that would be run on the host, in order.";
