/** Many steps of many creations by one run on the host. Each step's script is what the driver sends, whole and unchanged. */
import { createStepScript } from "../../server/esxi/commands/creation/step-script.ts";
import { createNonce } from "../../server/esxi/commands/script.ts";
import type { CreationAct, CreationOrder, CreationSight } from "../../server/esxi/creation.ts";
import { readStep } from "../../server/esxi/reading/creation.ts";

export interface StepsOfOne {
  readonly order: CreationOrder;
  /** One after the other. */
  readonly acts: readonly CreationAct[];
}

export interface StepBatch {
  readonly text: string;
  /** What each step saw at its end, in the order given. @throws AppError OUTPUT_DAMAGED */
  read(stdout: string): readonly (readonly CreationSight[])[];
}

/** So many creations at a time: a few keep two processors busy. */
const atOnce = 4;

export function batchOf(creations: readonly StepsOfOne[]): StepBatch {
  const nonce = createNonce();
  const outputOf = (index: number): string => `/tmp/batch-${nonce}.${index}`;
  const made = creations.map(({ order, acts }) => ({
    order,
    scripts: acts.map((act) => createStepScript(order, act)),
  }));
  const parts = made.map(({ scripts }, index) => {
    const steps = scripts.map(({ text }) => `${text}wait`).join("\n");
    const isLastOfSome = index % atOnce === atOnce - 1 || index === made.length - 1;
    return `(\n${steps}\n) >${outputOf(index)} &${isLastOfSome ? "\nwait" : ""}`;
  });
  const outputs = made.map((_, index) => outputOf(index)).join(" ");
  return {
    text: [...parts, `cat ${outputs}`, `rm -f ${outputs}`, ""].join("\n"),
    read: (stdout) =>
      made.map(({ order, scripts }) =>
        scripts.map((script) => readStep({ stdout, nonce: script.nonce, startedAt: Date.now() }, order)),
      ),
  };
}
