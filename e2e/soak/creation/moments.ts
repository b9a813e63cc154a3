/** When a server dies in the middle of a creation, told from outside by what the API shows of one request. */
import { setTimeout as delay } from "node:timers/promises";
import type { Random } from "../../../simulator/random.ts";
import { until } from "../../harness/until.ts";
import type { Request } from "./request.ts";
import type { Stage } from "./stage.ts";

export interface Moment {
  readonly name: string;
  /** Sends the request; resolves when it is time to die. */
  reach(request: Request, stage: Stage, random: Random): Promise<void>;
}

/** In the order in which a creation takes them. */
const steps = [
  "Claim the folder",
  "Create the disk",
  "Write the configuration",
  "Register the VM",
  "Compare with what was asked for",
  "Hand the folder over",
  "Switch it on",
] as const;

/** Resolves as soon as the step has begun, or the task has ended without it. */
async function begun(step: string, request: Request, stage: Stage): Promise<void> {
  await stage.ask(request);
  await until(
    async () => {
      const task = await stage.task(request);
      const state = task?.steps.find(({ name }) => name === step)?.state;
      return task === null || task.finishedAt !== null || (state !== undefined && state !== "PENDING");
    },
    { withinMs: 60_000, what: `${request.input.name} to begin: ${step}` },
  );
}

export const moments: readonly Moment[] = [
  {
    name: "before it is recorded",
    async reach(request, stage, random) {
      void stage.ask(request);
      await delay(random.between(0, 4));
    },
  },
  { name: "once it is recorded", reach: (request, stage) => stage.ask(request) },
  ...steps.map(
    (step): Moment => ({
      name: `at the step "${step}"`,
      async reach(request, stage, random) {
        await begun(step, request, stage);
        await delay(random.between(0, 120));
      },
    }),
  ),
  {
    name: "in the middle of the disk",
    async reach(request, stage, random) {
      await begun("Create the disk", request, stage);
      await delay(random.between(100, 900));
    },
  },
  {
    name: "at any time",
    async reach(request, stage, random) {
      void stage.ask(request);
      await delay(random.between(0, 4_000));
    },
  },
];
