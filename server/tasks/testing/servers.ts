/** Several servers' tasks over one world; which of them looks after the node is decided by the test. */
import { AppError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { PowerAction, TaskId } from "../../model.ts";
import type { Lease } from "../../store/leases.ts";
import type { InventoryStore } from "../../store/store.ts";
import type { TasksOptions } from "../create-tasks.ts";
import type { Tasks } from "../tasks.ts";
import { type CutPlan, createLifeline } from "./severable.ts";
import { createWorld, node, powerOf, vmIdOf, type World } from "./world.ts";

export interface TaskServer {
  readonly tasks: Tasks;
  /** Warnings and errors. */
  readonly complaints: readonly string[];
  /** How often it spoke to the host. */
  readonly contacts: () => number;
  readonly isDead: () => boolean;
  /** Of its ports, so far. */
  readonly calls: () => number;
  /** As its own clock judges its lease. */
  lease: "valid" | "in doubt";
  /** Between the database and this server; a test puts something in its place. */
  readonly store: { -readonly [Member in "saveTask" | "watch"]: InventoryStore[Member] };
  /** Looks after the node from now on; what another one still writes in its own name is refused. */
  take(): Promise<void>;
  /** Dies without a word. */
  kill(): void;
}

export interface Servers extends AsyncDisposable {
  readonly world: World;
  readonly start: (options?: Partial<TasksOptions>, plan?: CutPlan) => TaskServer;
}

export async function createServers(): Promise<Servers> {
  const world = await createWorld();
  let fence = 0;

  function guard(lease: Lease | undefined): void {
    if (lease === undefined) throw new Error("A server writes only under a lease.");
    if (lease.fence !== fence) throw new AppError("LEASE_LOST", `Another server holds ${node} by now.`);
  }

  function start(options: Partial<TasksOptions> = {}, plan?: CutPlan): TaskServer {
    const lifeline = createLifeline(plan);
    const complaints: string[] = [];
    const complain = (_: object, message: string) => void complaints.push(message);
    const log: Log = { debug: () => undefined, info: () => undefined, warn: complain, error: complain };
    const store = {
      saveTask: async (...[task, under]: Parameters<InventoryStore["saveTask"]>) => {
        guard(under);
        return world.store.saveTask(task, under);
      },
      watch: (...words: Parameters<InventoryStore["watch"]>) => world.store.watch(...words),
    };
    const shown: InventoryStore = {
      ...world.store,
      saveTask: (...words) => server.store.saveTask(...words),
      watch: (...words) => server.store.watch(...words),
    };
    let contacts = 0;
    const counted = <Port extends object>(port: Port): Port =>
      new Proxy(port, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== "function" || name === "plan" || name === "planUndo") return member;
          return (...words: unknown[]) => {
            contacts += 1;
            return Reflect.apply(member, target, words) as unknown;
          };
        },
      });
    const creation = lifeline.severable(counted(world.host.creation.driver));
    const driver = Object.assign(Object.create(lifeline.severable(counted(world.host.driver))) as object, { creation });
    const member = { config: { disabled: false }, driver };
    const tasks = world.open(lifeline, {
      store: lifeline.severable(shown),
      fleet: { node: (name) => (name === node ? (member as never) : undefined) },
      isHeld: () => server.lease === "valid",
      hasSuccessors: async () => true,
      log,
      ...options,
    });
    const server: TaskServer = {
      tasks,
      complaints,
      contacts: () => contacts,
      isDead: () => lifeline.isCut,
      calls: () => lifeline.calls,
      lease: "valid",
      store,
      async take() {
        fence += 1;
        await tasks.hold({ node, fence });
      },
      kill: () => lifeline.cut(),
    };
    return server;
  }

  return {
    world,
    start,
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]();
    },
  };
}

export interface TwoServers extends Servers {
  readonly holder: TaskServer;
  readonly other: TaskServer;
}

/** The first one looks after the node, and does one thing after the other. */
export async function createTwoServers(): Promise<TwoServers> {
  const servers = await createServers();
  const holder = servers.start({ perNode: { act: 1, creation: 1 } });
  const other = servers.start();
  await holder.take();
  return { ...servers, holder, other, [Symbol.asyncDispose]: () => servers[Symbol.asyncDispose]() };
}

export const minute = 60_000;

/** In virtual time; ten minutes at most. */
export async function until(world: World, isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo() && waited < 10 * minute; waited += 20) await world.clock.sleep(20);
}

export const wasSent = ({ host }: World): boolean => host.actions.length > 0;

/** As it is on record. */
export async function stateOf({ store }: World, id: TaskId) {
  const task = await store.task(id);
  return { state: task?.state, wasSent: task?.sentAt !== null, hasEnded: task?.finishedAt !== null };
}

/** Has the VM "web" switched, unless told otherwise; answers the task's id. */
export async function ask(server: TaskServer, action: PowerAction = "ON", vm = "web"): Promise<TaskId> {
  const { task, userErrors } = await server.tasks.setPower(powerOf(action, { vmId: vmIdOf(vm) }));
  if (task === null) throw new Error(`It was refused: ${JSON.stringify(userErrors)}`);
  return task.id;
}
