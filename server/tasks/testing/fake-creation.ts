/** The creating half of a host in memory: folders, marks and a register, with steps that take their time and faults. */
import { type Clock, timestampOf } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type {
  ActTrace,
  CreationAct,
  CreationDriver,
  CreationOrder,
  CreationSight,
  CreationStep,
  StepExit,
} from "../../esxi/creation.ts";
import { type FakeVm, fakeVm, summaryOf } from "./fake-vm.ts";

export interface FakeFolder {
  /** The job whose mark it bears; null: nobody's, or handed over. */
  job: string | null;
  readonly made: Set<string>;
  readonly whole: Set<string>;
  readonly files: Map<string, string>;
}

export interface CreationFaults {
  /** Steps that fail, and how; `times` of them. */
  readonly failing: Map<CreationStep, { exit: StepExit; failure: ActTrace["failure"]; times: number }>;
  /** The next steps of this name are begun, but their reply does not come. */
  losesReplyOf: CreationStep | null;
  /** The next step of this name does not arrive. */
  losesRequestOf: CreationStep | null;
  /** hostd does not answer. */
  hostdIsDown: boolean;
}

export interface FakeCreation {
  readonly driver: CreationDriver;
  /** By name. */
  readonly folders: Map<string, FakeFolder>;
  readonly faults: CreationFaults;
  /** Every step that was begun, in order. */
  readonly begun: CreationStep[];
  /** How often a VM was registered. */
  readonly registrations: number;
  /** A power loss: jobs end where they are, what was known of acts is gone. */
  restart(): void;
}

export interface FakeCreationOptions {
  readonly clock: Clock;
  readonly vms: FakeVm[];
  /** Time and outages of a line. @throws */
  readonly exec: () => Promise<void>;
  readonly fences: ReadonlySet<string>;
  /** Of all acts on the host, by id. */
  readonly traces: Map<string, unknown>;
}

const stepMs: Readonly<Record<CreationStep, number>> = {
  claim: 100,
  disk: 4000,
  configure: 100,
  register: 1200,
  finish: 100,
  undo: 1500,
};

interface Job {
  trace: ActTrace;
}

export function createFakeCreation({ clock, vms, exec, fences, traces }: FakeCreationOptions): FakeCreation {
  const folders = new Map<string, FakeFolder>();
  const begun: CreationStep[] = [];
  const jobs = new Map<string, Job>();
  const faults: CreationFaults = { failing: new Map(), losesReplyOf: null, losesRequestOf: null, hostdIsDown: false };
  let power = 0;
  let registrations = 0;

  async function run(order: CreationOrder, act: CreationAct, job: Job): Promise<void> {
    const ours = power;
    await clock.sleep(stepMs[act.step] / 2);
    if (power !== ours) return;
    if (act.step === "disk") {
      const early = begin(order, "vmdk");
      if (early !== undefined) return end(job, early, null);
      job.trace = { ...job.trace, percent: 40, output: "Create: 40% done." };
    }
    await clock.sleep(stepMs[act.step] / 2);
    if (power !== ours) return;
    const failing = faults.failing.get(act.step);
    if (failing !== undefined && failing.times > 0) {
      failing.times -= 1;
      return end(job, failing.exit, failing.failure);
    }
    const exit = effects[act.step](order, act);
    end(job, exit, exit === "refused" ? { code: "HOSTD_DOWN", message: "Failed to login: Connection refused" } : null);
  }

  function end(job: Job, exit: StepExit, failure: ActTrace["failure"]): void {
    job.trace = { state: "ended", exit, output: failure?.message ?? "", percent: job.trace.percent, failure };
  }

  function ownFolder({ jobId, blueprint }: CreationOrder): FakeFolder | undefined {
    const folder = folders.get(blueprint.name);
    return folder?.job === jobId ? folder : undefined;
  }

  function begin(order: CreationOrder, kind: "vmdk" | "vmx"): StepExit | undefined {
    const folder = ownFolder(order);
    const file = `${order.blueprint.name}.${kind}`;
    if (folder === undefined) return "not-ours";
    if (folder.files.has(file)) return "file-there";
    folder.made.add(file);
    folder.files.set(file, "");
    return undefined;
  }

  const effects: Readonly<Record<CreationStep, (order: CreationOrder, act: CreationAct) => StepExit>> = {
    claim({ jobId, blueprint: { name } }) {
      if (folders.has(name)) return "taken";
      folders.set(name, { job: jobId, made: new Set(), whole: new Set(), files: new Map() });
      return "done";
    },
    disk(order) {
      ownFolder(order)?.whole.add(`${order.blueprint.name}.vmdk`);
      return "done";
    },
    configure(order) {
      const early = begin(order, "vmx");
      if (early !== undefined) return early;
      ownFolder(order)?.files.set(`${order.blueprint.name}.vmx`, vmxOf(order));
      ownFolder(order)?.whole.add(`${order.blueprint.name}.vmx`);
      return "done";
    },
    register(order) {
      if (faults.hostdIsDown) return "refused";
      const vm = fakeVm(order.blueprint.name, vms.length + 1, clock.now());
      registrations += 1;
      vms.push(Object.assign(vm, { path: pathOf(order) }));
      return "done";
    },
    finish(order) {
      const folder = ownFolder(order);
      if (folder === undefined) return "not-ours";
      folder.job = null;
      return "done";
    },
    undo(order, { mayBeRegistered }) {
      const folder = ownFolder(order);
      if (folder === undefined) return "not-ours";
      const at = vms.findIndex(({ path }) => path === pathOf(order));
      if (mayBeRegistered && faults.hostdIsDown) return "unclear";
      if (at >= 0 && vms[at]?.powerState !== "OFF") return "in-use";
      if (at >= 0) vms.splice(at, 1);
      for (const file of folder.made) folder.files.delete(file);
      if (folder.files.size === 0) folders.delete(order.blueprint.name);
      else folder.job = null;
      return folder.files.size === 0 ? "done" : "kept-folder";
    },
  };

  function sightOf(order: CreationOrder, actId: string | undefined): CreationSight {
    const { name } = order.blueprint;
    const folder = folders.get(name);
    const isOurs = folder?.job === order.jobId;
    const vm = vms.find(({ path }) => path === pathOf(order));
    const at = timestampOf(clock.now());
    const unread = { vmid: vm?.vmid ?? 0, at, outcome: "failed", message: "Failed to login" } as const;
    const read = { vmid: vm?.vmid ?? 0, at, outcome: "read" } as const;
    return {
      at,
      hasDatastore: true,
      folder: folder === undefined ? "absent" : isOurs ? "ours" : "foreign",
      files: [...(folder?.files.keys() ?? [])],
      made: isOurs ? folder.made : new Set(),
      whole: isOurs ? folder.whole : new Set(),
      vmx: folder?.files.get(`${name}.vmx`) ?? null,
      vmids: vm === undefined ? [] : [vm.vmid],
      read:
        vm === undefined
          ? null
          : faults.hostdIsDown
            ? unread
            : { ...read, summary: summaryAsAsked(vm, order, clock.now()) },
      act: (actId === undefined ? undefined : jobs.get(actId)?.trace) ?? { ...fresh, state: "absent" },
    };
  }

  return {
    folders,
    faults,
    begun,
    get registrations() {
      return registrations;
    },
    restart() {
      power += 1;
      jobs.clear();
      traces.clear();
      for (const vm of vms) vm.powerState = "OFF";
    },
    driver: {
      plan: (order) => ({
        lines: { claim: ["mkdir"], disk: ["vmkfstools"], configure: ["cat"], register: ["registervm"], finish: ["rm"] },
        vmx: { path: pathOf(order), text: vmxOf(order) },
      }),
      planUndo: () => ["rm", "rmdir"],
      async begin(order, act) {
        await exec();
        if (faults.losesRequestOf === act.step) {
          faults.losesRequestOf = null;
          throw new AppError("HOST_UNREACHABLE", "The line to esx1 was cut.");
        }
        if (!fences.has(act.actId)) {
          const job: Job = { trace: fresh };
          jobs.set(act.actId, job);
          traces.set(act.actId, job);
          begun.push(act.step);
          const done = run(order, act, job);
          if (act.step !== "disk") await done;
        }
        if (faults.losesReplyOf === act.step) {
          faults.losesReplyOf = null;
          throw new AppError("HOST_UNREACHABLE", "The line to esx1 was cut.");
        }
        return sightOf(order, act.actId);
      },
      async look(order, actId) {
        await exec();
        return sightOf(order, actId);
      },
    },
  };
}

const fresh: ActTrace = { state: "running", exit: null, output: "", percent: null, failure: null };

function pathOf({ mountPoint, blueprint: { name } }: CreationOrder): string {
  return `${mountPoint}/${name}/${name}.vmx`;
}

function vmxOf({ blueprint }: CreationOrder): string {
  return JSON.stringify(blueprint);
}

function summaryAsAsked(vm: FakeVm, { blueprint }: CreationOrder, nowMs: number) {
  const { numCpu, memorySizeMb, guestId, comment } = blueprint;
  return { ...summaryOf(vm, nowMs), numCpu, memorySizeMb, guestId, comment: comment === "" ? null : comment };
}
