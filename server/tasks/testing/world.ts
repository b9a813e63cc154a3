/** One node with a fake host, a real store and inventory, and servers' tasks over them that may die and start again. */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, systemClock } from "../../clock.ts";
import type { Crawler } from "../../crawler/crawler.ts";
import type { FleetNode } from "../../fleet.ts";
import { createInventory } from "../../inventory/inventory-view.ts";
import type { Inventory } from "../../inventory.ts";
import { silentLog } from "../../log.ts";
import type { Node, PowerAction, Task, TaskId, Vm, VmId } from "../../model.ts";
import { openSqliteStore } from "../../store/sqlite.ts";
import type { InventoryStore } from "../../store/store.ts";
import { createTasks, type TasksOptions } from "../create-tasks.ts";
import type { CreateRequest, PowerRequest, Tasks } from "../tasks.ts";
import { createFakeHost, type FakeHost } from "./fake-host.ts";
import { type FakeVm, fakeVm, summaryOf } from "./fake-vm.ts";
import { createLifeline, type Lifeline } from "./severable.ts";
import { createVirtualClock } from "./virtual-clock.ts";

export interface World extends AsyncDisposable {
  readonly clock: Clock;
  readonly host: FakeHost;
  readonly store: InventoryStore;
  readonly inventory: Inventory;
  /** Registers a VM on the host and makes it known. */
  addVm(name: string, traits?: Partial<FakeVm>): Promise<FakeVm>;
  /** The VM as the inventory shows it. */
  known(name: string): Vm;
  /** Brings the inventory up to date with the host. */
  crawl(): Promise<void>;
  setNode(change: Partial<Node> & { readonly disabled?: boolean }): Promise<void>;
  /** The tasks of a server that looks after nothing yet; the lifeline kills it. */
  open(lifeline?: Lifeline, options?: Partial<TasksOptions>): Tasks;
  /** Starts the tasks of a server that looks after the node alone; the lifeline kills them. */
  start(lifeline?: Lifeline, options?: Partial<TasksOptions>): StartedTasks;
  /** Waits as long as it takes, in virtual time. @throws when the task has not ended then */
  end(tasks: Tasks, id: TaskId): Promise<Task>;
}

export interface StartedTasks extends Tasks {
  /** Resolves when what an earlier run left unfinished is taken up; that began with the start. */
  recover(): Promise<void>;
}

export const node = "esx1";

export function vmIdOf(name: string): VmId {
  return `id-${name}`;
}

/** A request for the VM "web", by Ann, unless told otherwise. */
export function powerOf(action: PowerAction, more: Partial<PowerRequest> = {}): PowerRequest {
  const plain = { actor: "ann", idempotencyKey: null, dryRun: false, expectedPowerState: null } as const;
  return { ...plain, vmId: vmIdOf("web"), action, ...more };
}

/** A request for a VM "new", by Ann, unless told otherwise. */
export function creationOf(more: Partial<CreateRequest> = {}): CreateRequest {
  const plain = { actor: "ann", idempotencyKey: null, dryRun: false } as const;
  return { ...plain, node, name: "new", datastore: "store", portGroup: "VM Network", ...more };
}

export async function createWorld(): Promise<World> {
  const folder = await mkdtemp(join(memoryFolder(), "ecoman-tasks-"));
  const clock = createVirtualClock();
  const host = createFakeHost(clock);
  // The store's own timer must not drive the virtual time on.
  const storeClock: Clock = { now: () => clock.now(), sleep: (ms, signal) => systemClock.sleep(ms, signal) };
  const store = await openSqliteStore({ path: join(folder, "store.db"), clock: storeClock, log: silentLog });
  const inventory = await createInventory({ store, log: silentLog });
  let disabled = false;

  async function write(vms: readonly FakeVm[]): Promise<void> {
    const revision = await store.apply({ vms: vms.map((vm) => knownVm(vm, clock.now())) });
    await store.pulse({ nodes: [], usages: vms.map((vm) => usageOf(vm, clock.now())) });
    await inventory.caughtUp(revision);
  }

  const crawler: Pick<Crawler, "observeVms" | "observeNewVm" | "refresh"> = {
    async observeVms(_, reads) {
      const seen = reads.flatMap((read) => {
        const vm = read.outcome === "read" ? host.vms.find(({ name }) => name === read.summary.name) : undefined;
        return vm === undefined || read.outcome !== "read"
          ? []
          : [{ ...knownVm(vm, clock.now()), ...stateIn(read.summary) }];
      });
      await store.apply({ vms: seen });
    },
    async observeNewVm(_, { path }) {
      const vm = host.vms.find((each) => each.path === path);
      if (vm === undefined) return undefined;
      await store.apply({ vms: [knownVm(vm, clock.now())] });
      return vmIdOf(vm.name);
    },
    async refresh() {
      await clock.sleep(2000);
      await write(host.vms);
    },
  };

  async function setNode({ disabled: isOff = false, ...change }: Parameters<World["setNode"]>[0]): Promise<void> {
    disabled = isOff;
    await inventory.caughtUp(await store.apply({ nodes: [{ ...knownNode, ...change }] }));
  }

  function open(lifeline = createLifeline(), options: Partial<TasksOptions> = {}): Tasks {
    const creation = lifeline.severable(host.creation.driver);
    const driver = Object.assign(Object.create(lifeline.severable(host.driver)) as object, { creation });
    const member = () => ({ config: { disabled }, driver }) as unknown as FleetNode;
    return createTasks({
      store: lifeline.severable(store),
      clock: lifeline.severable(clock),
      crawler: lifeline.severable(crawler),
      fleet: { node: (name) => (name === node ? member() : undefined) },
      inventory,
      log: silentLog,
      monotonic: () => clock.now(),
      ...options,
    });
  }

  await setNode({});
  return {
    clock,
    host,
    store,
    inventory,
    async addVm(name, traits = {}) {
      const vm = Object.assign(fakeVm(name, host.vms.length + 1, clock.now()), traits);
      host.vms.push(vm);
      await write([vm]);
      return vm;
    },
    known(name) {
      const vm = inventory.vm(vmIdOf(name));
      if (vm === undefined) throw new Error(`No VM ${name}.`);
      return vm;
    },
    crawl: () => write(host.vms),
    setNode,
    open,
    start(lifeline, options) {
      const tasks = open(lifeline, options);
      const recovered = tasks.hold({ node, fence: 0 });
      return { ...tasks, recover: () => recovered };
    },
    async end(tasks, id) {
      const task = await tasks.wait(id, 86_400_000);
      if (task?.finishedAt == null) throw new Error(`Task ${id} has not ended: ${JSON.stringify(task)}`);
      return task;
    },
    async [Symbol.asyncDispose]() {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Power cuts are not what is tested here, so the disk need not be waited for. */
function memoryFolder(): string {
  return existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
}

function stateIn({ powerState, question }: ReturnType<typeof summaryOf>): Pick<Vm, "powerState" | "question"> {
  return { powerState, question };
}

function knownVm(vm: FakeVm, nowMs: number): Vm {
  const { uptimeSeconds: _uptime, ...summary } = summaryOf(vm, nowMs);
  return {
    ...summary,
    id: vmIdOf(vm.name),
    node,
    nodeLabels: [],
    vmid: vm.vmid,
    path: vm.path,
    name: vm.name,
    datastore: "store",
    readError: null,
    stale: false,
    exceeds: { cpu: false, ram: false, storage: false },
  };
}

function usageOf(vm: FakeVm, nowMs: number) {
  const { uptimeSeconds } = summaryOf(vm, nowMs);
  const unread = { overallCpuUsageMhz: null, guestMemoryUsageMb: null, hostMemoryUsageMb: null };
  const observedAt = new Date(nowMs).toISOString();
  return {
    vmId: vmIdOf(vm.name),
    observedAt,
    ...unread,
    storageCommittedBytes: null,
    storageUncommittedBytes: null,
    uptimeSeconds,
  };
}

const knownNode: Node = {
  name: node,
  address: "192.0.2.1",
  labels: [],
  status: "ONLINE",
  statusMessage: null,
  statusSince: "2026-01-01T00:00:00.000Z",
  version: "8.0.1",
  build: "1",
  hardware: { cpuModel: null, cpuPackages: 1, cpuCores: 4, cpuThreads: 8, cpuMhz: 2000, memoryBytes: 32 * 2 ** 30 },
  datastores: [
    {
      name: "store",
      mountPoint: "/vmfs/volumes/5f0c-1",
      uuid: "5f0c-1",
      type: "VMFS-6",
      mounted: true,
      capacityBytes: 1000 * 2 ** 30,
      freeBytes: 400 * 2 ** 30,
    },
  ],
  portGroups: [{ name: "VM Network", virtualSwitch: "vSwitch0", vlanId: 0 }],
  isoImages: [],
  hardwareVersion: null,
  guestSystems: [],
  defaults: { datastorePath: null, isoPath: null, portGroup: null },
  vmThresholds: { cpu: 5, ramMb: 8192, storageGb: 50 },
  nodeThresholds: { cpuRatio: 4, memoryPercent: 90, storagePercent: 90 },
};
