/** Puts the use cases, their runner and what this server knows of other servers' tasks together behind the port. */
import type { Clock } from "../clock.ts";
import type { Crawler } from "../crawler/crawler.ts";
import type { Fleet } from "../fleet.ts";
import type { Inventory } from "../inventory.ts";
import type { Log } from "../log.ts";
import type { NodeName, TaskKind } from "../model.ts";
import type { Lease } from "../store/leases.ts";
import { createAnswerUseCase } from "./answer-question.ts";
import { createArrivals } from "./arrivals.ts";
import { cancelTask } from "./cancel.ts";
import { createCancelElsewhere } from "./cancel-elsewhere.ts";
import { createCreationUseCase } from "./creation/create-vm.ts";
import { type Deadlines, defaultDeadlines } from "./deadlines.ts";
import { createDispatch } from "./dispatch.ts";
import { createIntake, type Order } from "./intake.ts";
import { listenToNews } from "./listen.ts";
import { createPowerUseCase } from "./power.ts";
import { createRefreshUseCase } from "./refresh-node.ts";
import { createRunner } from "./runner.ts";
import { createTaskNews } from "./task-news.ts";
import type { MutationRequest, TaskStore, Tasks } from "./tasks.ts";
import type { Facts, Lane, UseCase } from "./use-case.ts";
import { waitForTask } from "./wait.ts";

export interface TasksOptions {
  readonly store: TaskStore;
  readonly inventory: Pick<Inventory, "vm" | "vmsOf" | "usage" | "node" | "caughtUp" | "revision">;
  readonly fleet: Pick<Fleet, "node">;
  readonly crawler: Pick<Crawler, "observeVms" | "observeNewVm" | "refresh">;
  readonly clock: Clock;
  readonly log: Log;
  /** Is the lease valid at this moment. Default: always, for one server alone. */
  readonly isHeld?: (lease: Lease) => boolean;
  /** Is there another server to take up what this one leaves unsent when it closes? Default: no, and it is cancelled then. */
  readonly hasSuccessors?: () => Promise<boolean>;
  /** ms since whenever, never set back. Default: the process's own clock. */
  readonly monotonic?: () => number;
  readonly deadlines?: Deadlines;
  /** How many tasks of a lane work on one node at once; the others wait their turn. Default: 8 acts, 2 creations. */
  readonly perNode?: Readonly<Record<Lane, number>>;
}

export function createTasks(options: TasksOptions): Tasks {
  const { store, inventory, clock, log, isHeld, hasSuccessors } = options;
  const { deadlines = defaultDeadlines, perNode = { act: 8, creation: 2 } } = options;
  const { monotonic = () => performance.now() } = options;
  const holds = (node: NodeName): boolean => dispatch.holds(node);
  const useCases: Readonly<Record<TaskKind, UseCase>> = {
    SET_POWER: createPowerUseCase(options, deadlines),
    ANSWER_QUESTION: createAnswerUseCase(options, deadlines),
    REFRESH_NODE: createRefreshUseCase(options),
    CREATE_VM: createCreationUseCase({ ...options, holds }, deadlines),
  };
  const arrivals = createArrivals(monotonic);
  const news = createTaskNews(store, arrivals);
  const onLost = (lease: Lease): void => dispatch.lost(lease);
  const runner = createRunner({ store, clock, log, perNode, isHeld, hasSuccessors, onLost });
  const known = Promise.withResolvers<void>();
  const dispatch = createDispatch({ store, runner, useCases, arrivals, ready: known.promise, clock, log });
  const intake = createIntake({ store, runner, dispatch, clock });
  const elsewhere = createCancelElsewhere({ store, news, useCases, clock });
  const listening = listenToNews(inventory.revision, { ...options, monotonic, arrivals, news, runner, dispatch });
  void listening.ready.then(known.resolve);

  return {
    setPower: ({ vmId, action, expectedPowerState, ...request }) =>
      intake.take(useCases.SET_POWER, orderOf(request, { vmId, action, expectedPowerState })),
    answerQuestion: ({ vmId, questionId, choiceKey, ...request }) =>
      intake.take(useCases.ANSWER_QUESTION, orderOf(request, { vmId, questionId, choiceKey })),
    createVm: ({ actor, idempotencyKey, dryRun, ...asked }) =>
      intake.take(useCases.CREATE_VM, orderOf({ actor, idempotencyKey, dryRun }, asked)),
    refreshNode: ({ actor, name }) =>
      intake.take(useCases.REFRESH_NODE, orderOf({ actor, idempotencyKey: null, dryRun: false }, { name })),
    cancel: (id, actor) => cancelTask({ id, actor }, { store, runner, dispatch, elsewhere }),
    wait: (id, waitMs, signal) =>
      waitForTask({ id, waitMs, signal }, { store, inventory, runner, news, clock, heardRevision: listening.revision }),
    hold: (lease) => dispatch.hold(lease),
    letGo: (node) => dispatch.letGo(node),
    removeOrphan: (node) => dispatch.removeOrphan(node),
    isBusy: (node) => runner.isBusy(node),
    async close(graceMs) {
      intake.close();
      dispatch.close();
      await runner.close(graceMs);
      await listening.close();
    },
  };
}

function orderOf({ actor, idempotencyKey, dryRun }: MutationRequest, asked: Facts): Order {
  return { actor, idempotencyKey, dryRun, asked };
}
