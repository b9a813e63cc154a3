/** Adapter of CreationDriver: the steps as scripts, run by whoever runs scripts on the host. */

import { plannedCreation, plannedUndo } from "./commands/creation/planned-lines.ts";
import { createSightScript } from "./commands/creation/sight-script.ts";
import { createStepScript } from "./commands/creation/step-script.ts";
import type { Script } from "./commands/script.ts";
import type { CreationDriver } from "./creation.ts";
import { readSight, readStep } from "./reading/creation.ts";

/** Runs a script on the host that a person waits for. Rejects unless its output is whole. */
export type RunScript = (
  script: Script,
  signal: AbortSignal | undefined,
) => Promise<{ readonly stdout: string; readonly startedAt: number }>;

export function createEsxiCreation(run: RunScript): CreationDriver {
  return {
    plan: plannedCreation,
    planUndo: plannedUndo,
    async begin(order, act, { signal }) {
      const script = createStepScript(order, act);
      return readStep({ ...(await run(script, signal)), nonce: script.nonce }, order);
    },
    async look(order, actId, { signal }) {
      const script = createSightScript(order, actId);
      return readSight({ ...(await run(script, signal)), nonce: script.nonce }, order);
    },
  };
}
