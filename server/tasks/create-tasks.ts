/** Puts the use cases and their runner together behind the port. */
import type { Clock } from "../clock.ts";
import type { Crawler } from "../crawler/crawler.ts";
import type { Fleet } from "../fleet.ts";
import type { Inventory } from "../inventory.ts";
import type { Log } from "../log.ts";
import type { TaskKind } from "../model.ts";
import { createAnswerUseCase } from "./answer-question.ts";
import { cancelTask } from "./cancel.ts";
import { createCreationUseCase } from "./creation/create-vm.ts";
import { type Deadlines, defaultDeadlines } from "./deadlines.ts";
import { createIntake, type Order } from "./intake.ts";
import { createPowerUseCase } from "./power.ts";
import { recoverTasks } from "./recovery.ts";
import { createRefreshUseCase } from "./refresh-node.ts";
import { createRunner } from "./runner.ts";
import type { MutationRequest, TaskAnswer, TaskStore, Tasks } from "./tasks.ts";
import type { Facts, Lane, UseCase } from "./use-case.ts";
import { waitForTask } from "./wait.ts";

export interface TasksOptions {
  readonly store: TaskStore;
  readonly inventory: Pick<Inventory, "vm" | "vmsOf" | "usage" | "node" | "caughtUp">;
  readonly fleet: Pick<Fleet, "node">;
  readonly crawler: Pick<Crawler, "observeVms" | "observeNewVm" | "refresh">;
  readonly clock: Clock;
  readonly log: Log;
  readonly deadlines?: Deadlines;
  /** How many tasks of a lane work on one node at once; the others wait their turn. Default: 8 acts, 2 creations. */
  readonly perNode?: Readonly<Record<Lane, number>>;
}

export function createTasks(options: TasksOptions): Tasks {
  const { store, clock, log, deadlines = defaultDeadlines, perNode = { act: 8, creation: 2 } } = options;
  const useCases: Readonly<Record<TaskKind, UseCase>> = {
    SET_POWER: createPowerUseCase(options, deadlines),
    ANSWER_QUESTION: createAnswerUseCase(options, deadlines),
    REFRESH_NODE: createRefreshUseCase(options),
    CREATE_VM: createCreationUseCase(options, deadlines),
  };
  const runner = createRunner({ store, clock, log, perNode });
  const intake = createIntake({ store, runner, clock });

  let recovering: Promise<unknown> = Promise.resolve();

  /** As long as it is not known what an earlier run left, a VM that looks free may not be. */
  async function take(useCase: UseCase, order: Order): Promise<TaskAnswer> {
    await recovering;
    return intake.take(useCase, order);
  }

  return {
    setPower: ({ vmId, action, expectedPowerState, ...request }) =>
      take(useCases.SET_POWER, orderOf(request, { vmId, action, expectedPowerState })),
    answerQuestion: ({ vmId, questionId, choiceKey, ...request }) =>
      take(useCases.ANSWER_QUESTION, orderOf(request, { vmId, questionId, choiceKey })),
    createVm: ({ actor, idempotencyKey, dryRun, ...asked }) =>
      take(useCases.CREATE_VM, orderOf({ actor, idempotencyKey, dryRun }, asked)),
    refreshNode: ({ actor, name }) =>
      take(useCases.REFRESH_NODE, orderOf({ actor, idempotencyKey: null, dryRun: false }, { name })),
    async cancel(id, actor) {
      await recovering;
      return cancelTask({ id, actor }, { store, runner });
    },
    async wait(id, waitMs, signal) {
      await recovering;
      return waitForTask({ id, waitMs, signal }, { ...options, runner });
    },
    recover() {
      const recovered = recoverTasks({ store, runner, useCases, clock, log });
      recovering = recovered.catch(() => undefined);
      return recovered;
    },
    async close(graceMs) {
      intake.close();
      await runner.close(graceMs);
    },
  };
}

function orderOf({ actor, idempotencyKey, dryRun }: MutationRequest, asked: Facts): Order {
  return { actor, idempotencyKey, dryRun, asked };
}
