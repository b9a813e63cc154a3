/** Small stand-ins for the ports behind the schema, for tests of the schema and of the outer edge. */
import type { Inventory, NodeChange, VmChange, VmFilter } from "../inventory.ts";
import type { Node, NodePulse, Task, Vm, VmId, VmUsage } from "../model.ts";
import type { ContextParts } from "./context.ts";
import { keysetPage } from "./keyset-page.ts";
import type { TaskAnswer } from "./ports.ts";
import { matchesTask } from "./task-match.ts";

export const epoch = "2026-11-21T09:00:00.000Z";

export function aVm(overrides: Partial<Vm> = {}): Vm {
  return {
    id: "vm-1",
    node: "alpha",
    nodeLabels: ["lab"],
    vmid: 11,
    path: "/vmfs/volumes/5f0/web/web.vmx",
    name: "web",
    powerState: "ON",
    connectionState: "CONNECTED",
    overallStatus: "GREEN",
    bootTime: epoch,
    toolsStatus: "toolsOk",
    toolsRunningStatus: "guestToolsRunning",
    hostname: "web.lan",
    ipAddress: "10.1.0.5",
    memorySizeMb: 8192,
    numCpu: 4,
    numEthernetCards: 1,
    numVirtualDisks: 1,
    guestId: "debian12_64Guest",
    guestFullName: "Debian GNU/Linux 12 (64-bit)",
    uuid: "564d0000-0000-0000-0000-000000000001",
    instanceUuid: "52000000-0000-0000-0000-000000000001",
    hardwareVersion: "vmx-19",
    consolidationNeeded: false,
    datastore: "ssd",
    datastorePath: "[ssd] web/web.vmx",
    comment: "the front door",
    question: null,
    readError: null,
    stale: false,
    exceeds: { cpu: false, ram: true, storage: false },
    ...overrides,
  };
}

export function aUsage(overrides: Partial<VmUsage> = {}): VmUsage {
  return {
    vmId: "vm-1",
    observedAt: epoch,
    overallCpuUsageMhz: 120,
    guestMemoryUsageMb: 900,
    hostMemoryUsageMb: 4000,
    storageCommittedBytes: 21_474_836_480,
    storageUncommittedBytes: 0,
    uptimeSeconds: 3600,
    ...overrides,
  };
}

export function aNode(overrides: Partial<Node> = {}): Node {
  return {
    name: "alpha",
    address: "192.0.2.10",
    labels: ["lab"],
    status: "ONLINE",
    statusMessage: null,
    statusSince: epoch,
    version: "8.0.1",
    build: "21813344",
    hardware: {
      cpuModel: "Xeon",
      cpuPackages: 1,
      cpuCores: 8,
      cpuThreads: 16,
      cpuMhz: 2100,
      memoryBytes: 68_719_476_736,
    },
    datastores: [
      {
        name: "ssd",
        mountPoint: "/vmfs/volumes/5f0",
        uuid: "5f0",
        type: "VMFS-6",
        mounted: true,
        capacityBytes: 1_000_000_000_000,
        freeBytes: 400_000_000_000,
      },
    ],
    portGroups: [{ name: "VM Network", virtualSwitch: "vSwitch0", vlanId: 0 }],
    hardwareVersion: "vmx-20",
    guestSystems: [{ id: "debian12_64Guest", fullName: "Debian GNU/Linux 12 (64-bit)", firmware: "EFI" }],
    isoImages: [{ path: "/vmfs/volumes/5f0/iso/debian.iso", sizeBytes: 700_000_000 }],
    defaults: { datastorePath: "/vmfs/volumes/ssd", isoPath: null, portGroup: "VM Network" },
    vmThresholds: { cpu: 5, ramMb: 8192, storageGb: 50 },
    nodeThresholds: { cpuRatio: 4, memoryPercent: 90, storagePercent: 85 },
    ...overrides,
  };
}

export function aPulse(overrides: Partial<NodePulse> = {}): NodePulse {
  return {
    node: "alpha",
    lastSeenAt: epoch,
    lastScan: { at: epoch, durationMs: 900, vmsRead: 3 },
    cpuUsageMhz: 3000,
    memoryUsageBytes: 20_000_000_000,
    ...overrides,
  };
}

export function aTask(overrides: Partial<Task> = {}): Task {
  return {
    id: "task-1",
    kind: "SET_POWER",
    state: "SUCCEEDED",
    progress: 100,
    steps: [{ name: "act", state: "DONE", detail: null, startedAt: epoch, finishedAt: epoch }],
    actor: "local",
    node: "alpha",
    vmId: "vm-1",
    input: { action: "OFF" },
    commands: ["vim-cmd vmsvc/power.off 11"],
    hostOutput: "Powering off VM:\n",
    result: "Powered off.",
    error: null,
    createdAt: epoch,
    startedAt: epoch,
    sentAt: epoch,
    finishedAt: epoch,
    ...overrides,
  };
}

export interface FakeWorld {
  readonly parts: ContextParts;
  readonly vms: Map<VmId, Vm>;
  readonly nodes: Map<string, Node>;
  readonly tasks: Task[];
  readonly vmNews: Channel<VmChange>;
  readonly nodeNews: Channel<NodeChange>;
  readonly usageNews: Channel<readonly VmId[]>;
  readonly taskNews: Channel<readonly Task[]>;
  /** What mutations handed to the task runner. */
  readonly requests: object[];
}

/** One node with one VM and one task, to begin with; the clock stands a minute after everything. */
export function createFakeWorld(): FakeWorld {
  const world = {
    vms: new Map([["vm-1", aVm()]]),
    nodes: new Map([["alpha", aNode()]]),
    tasks: [aTask()],
    vmNews: createChannel<VmChange>(),
    nodeNews: createChannel<NodeChange>(),
    usageNews: createChannel<readonly VmId[]>(),
    taskNews: createChannel<readonly Task[]>(),
    requests: [] as object[],
  };
  const taskById = (id: string): Task | undefined => world.tasks.find((task) => task.id === id);
  const parts: ContextParts = {
    inventory: fakeInventory(world),
    tasks: fakeTasks(world),
    taskLog: {
      task: async (id) => taskById(id),
      tasks: async ({ filter, limit, after }) => {
        const all = world.tasks.filter((task) => matchesTask(task, filter));
        const page = keysetPage(all, (task) => task.id, { first: limit, after });
        return { tasks: page.items, cursors: page.cursors, hasMore: page.hasNextPage, totalCount: page.totalCount };
      },
    },
    serverInfo: {
      version: "1.0.0-test",
      store: "memory",
      startedAt: epoch,
      vmThresholds: aNode().vmThresholds,
      nodeThresholds: aNode().nodeThresholds,
    },
    clock: { now: () => Date.parse(epoch) + 60_000, sleep: async () => undefined },
  };
  return { ...world, parts };
}

type World = Omit<FakeWorld, "parts">;

function fakeInventory(world: World): Inventory {
  const found = (filter: VmFilter): Vm[] =>
    [...world.vms.values()].filter(
      (vm) =>
        (filter.text === undefined || vm.name.includes(filter.text)) &&
        (filter.nodes?.includes(vm.node) ?? true) &&
        (filter.powerStates?.includes(vm.powerState) ?? true) &&
        (filter.ids?.includes(vm.id) ?? true),
    );
  return {
    revision: "r1",
    vm: (id) => world.vms.get(id),
    usage: (id) => (world.vms.has(id) ? aUsage({ vmId: id }) : undefined),
    vms: ({ filter, page: request }) => {
      const { items, ...page } = keysetPage(found(filter), (vm) => vm.id, request);
      return { ...page, vms: items, revision: "r1" };
    },
    node: (name) => world.nodes.get(name),
    pulse: (name) => (world.nodes.has(name) ? aPulse({ node: name }) : undefined),
    nodes: () => [...world.nodes.values()],
    vmsOf: (name) => found({ nodes: [name] }),
    caughtUp: async () => undefined,
    watchVms: (_filter, _since, signal) => world.vmNews.read(signal),
    watchUsage: (_filter, signal) => world.usageNews.read(signal),
    watchNodes: (signal) => world.nodeNews.read(signal),
    watchTasks: (_matches, signal) => world.taskNews.read(signal),
    liveTask: () => undefined,
  };
}

function fakeTasks(world: World): ContextParts["tasks"] {
  const record = async (request: object): Promise<TaskAnswer> => {
    world.requests.push(request);
    if ("vmId" in request && !world.vms.has(String(request.vmId))) {
      const message = `There is no VM ${String(request.vmId)}.`;
      return { task: null, commands: [], userErrors: [{ code: "NOT_FOUND", message, path: ["input", "vmId"] }] };
    }
    if ("dryRun" in request && request.dryRun === true) {
      return { task: null, commands: ["vim-cmd vmsvc/power.off 11"], userErrors: [] };
    }
    return { task: aTask({ id: `task-${world.tasks.length + 1}`, state: "QUEUED" }), commands: [], userErrors: [] };
  };
  return {
    setPower: record,
    createVm: record,
    answerQuestion: record,
    refreshNode: record,
    cancel: (id, actor) => record({ cancel: id, actor }),
    wait: async (id) => world.tasks.find((task) => task.id === id),
  };
}

/** News for any number of readers. */
export interface Channel<T> {
  send(value: T): void;
  read(signal: AbortSignal): AsyncIterable<T>;
  readonly readers: number;
  /** How many values were taken by readers, all together. */
  readonly taken: number;
}

export function createChannel<T>(): Channel<T> {
  const readers = new Set<{ queue: T[]; wake: () => void }>();
  let taken = 0;
  return {
    send(value) {
      for (const reader of readers) {
        reader.queue.push(value);
        reader.wake();
      }
    },
    read(signal) {
      const reader = { queue: [] as T[], wake: () => undefined as void };
      readers.add(reader);
      signal.addEventListener("abort", () => {
        readers.delete(reader);
        reader.wake();
      });
      return {
        async *[Symbol.asyncIterator]() {
          while (!signal.aborted) {
            const value = reader.queue.shift();
            if (value === undefined) {
              await new Promise<void>((resolve) => {
                reader.wake = resolve;
              });
            } else {
              taken += 1;
              yield value;
            }
          }
        },
      };
    },
    get readers() {
      return readers.size;
    },
    get taken() {
      return taken;
    },
  };
}
