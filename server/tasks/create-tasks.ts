/** Puts the use cases and their runner together behind the port. */
import type { Clock } from "../clock.ts";
import type { Crawler } from "../crawler/crawler.ts";
import type { Fleet } from "../fleet.ts";
import type { Inventory } from "../inventory.ts";
import type { Log } from "../log.ts";
import type { Task, TaskId, TaskKind } from "../model.ts";
import { createAnswerUseCase } from "./answer-question.ts";
import { cancelTask } from "./cancel.ts";
import { type Deadlines, defaultDeadlines } from "./deadlines.ts";
import { createIntake } from "./intake.ts";
import { createPowerUseCase } from "./power.ts";
import { recoverTasks } from "./recovery.ts";
import { createRefreshUseCase } from "./refresh-node.ts";
import { createRunner } from "./runner.ts";
import type { TaskStore, Tasks } from "./tasks.ts";
import type { UseCase } from "./use-case.ts";
import { waitForTask } from "./wait.ts";

export interface TasksOptions {
  readonly store: TaskStore;
  readonly inventory: Pick<Inventory, "vm" | "usage" | "node" | "caughtUp">;
  readonly fleet: Pick<Fleet, "node">;
  readonly crawler: Pick<Crawler, "observeVms" | "refresh">;
  readonly clock: Clock;
  readonly log: Log;
  readonly deadlines?: Deadlines;
  /** How many tasks work on one node at once; the others wait their turn. Default 8. */
  readonly tasksPerNode?: number;
}

export function createTasks(options: TasksOptions): Tasks {
  const { store, clock, log, deadlines = defaultDeadlines, tasksPerNode = 8 } = options;
  const useCases: Readonly<Record<TaskKind, UseCase>> = {
    SET_POWER: createPowerUseCase(options, deadlines),
    ANSWER_QUESTION: createAnswerUseCase(options, deadlines),
    REFRESH_NODE: createRefreshUseCase(options),
  };
  const runner = createRunner({ store, clock, log, tasksPerNode });
  const intake = createIntake({ store, runner, clock });

  return {
    setPower: ({ actor, idempotencyKey, dryRun, vmId, action, expectedPowerState }) =>
      intake.take(useCases.SET_POWER, { actor, idempotencyKey, dryRun, asked: { vmId, action, expectedPowerState } }),
    answerQuestion: ({ actor, idempotencyKey, dryRun, vmId, questionId, choiceKey }) =>
      intake.take(useCases.ANSWER_QUESTION, { actor, idempotencyKey, dryRun, asked: { vmId, questionId, choiceKey } }),
    refreshNode: ({ actor, name }) =>
      intake.take(useCases.REFRESH_NODE, { actor, idempotencyKey: null, dryRun: false, asked: { name } }),
    cancel: (id, actor) => cancelTask({ id, actor }, { store, runner }),
    wait: (id: TaskId, waitMs: number, signal?: AbortSignal): Promise<Task | undefined> =>
      waitForTask({ id, waitMs, signal }, { ...options, runner }),
    recover: () => recoverTasks({ store, runner, useCases, clock, log }),
    async close(graceMs) {
      intake.close();
      await runner.close(graceMs);
    },
  };
}
