/** A host in memory behind the acting half of the driver port: checks and acts as the real script does, with delays and faults. */
import { type Clock, timestampOf } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { ActReceipt, ActReport, ActRequest, HostTask, NodeDriver, RefusalReason } from "../../esxi/driver.ts";
import { createFakeCreation, type FakeCreation } from "./fake-creation.ts";
import { type FakeVm, summaryOf } from "./fake-vm.ts";

export interface FakeHost {
  readonly driver: Pick<NodeDriver, "plan" | "act" | "look" | "fence" | "forget" | "listIsoImages">;
  readonly creation: FakeCreation;
  readonly vms: FakeVm[];
  /** Every command that was begun on the host, by the VM's path; by this tests judge. */
  readonly actions: { readonly actId: string; readonly path: string; readonly verb: string }[];
  /** The acts of which the host still keeps traces. */
  readonly traces: ReadonlyMap<string, unknown>;
  readonly faults: HostFaults;
}

export interface HostFaults {
  /** Nothing gets through. */
  isDown: boolean;
  /** The next act is begun, but its reply does not come. */
  losesReply: boolean;
  /** An act whose reply is lost stays on its way for so long, in ms. Default 0. */
  delaysLostActMs: number;
  /** The next act does not arrive. */
  losesRequest: boolean;
  /** The next act is declined before anything is sent. */
  refusesLogin: boolean;
  /** The host's own task is not to be had. */
  hidesHostTask: boolean;
  /** When the host was restarted, in ms since 1970; it then knows nothing of earlier acts. Default: never. */
  restartedAtMs: number;
  /** "Power on failed" is printed, whatever happens. */
  liesAboutFailure: boolean;
}

interface Trace {
  exitCode: number | null;
  output: string;
  failure: ActReport["failure"];
  hostTask: HostTask | null;
}

const execMs = 300;
const actMs = 1500;
const guestMs = 12_000;

export function createFakeHost(clock: Clock): FakeHost {
  const vms: FakeVm[] = [];
  const actions: FakeHost["actions"] = [];
  const traces = new Map<string, Trace>();
  const fences = new Set<string>();
  const faults: HostFaults = {
    isDown: false,
    losesReply: false,
    delaysLostActMs: 0,
    losesRequest: false,
    refusesLogin: false,
    hidesHostTask: false,
    restartedAtMs: Number.NEGATIVE_INFINITY,
    liesAboutFailure: false,
  };

  async function exec(): Promise<void> {
    await clock.sleep(execMs);
    if (faults.isDown) throw new AppError("HOST_UNREACHABLE", "esx1 does not answer.");
  }

  function plan({ act, vm }: ActRequest): readonly string[] {
    if (act.kind === "power") return [`vim-cmd vmsvc/power.${act.action.toLowerCase()} '${vm.path}'`];
    return [`vim-cmd vmsvc/message '${vm.path}' ${act.questionId} ${act.choiceKey}`];
  }

  function find({ vm }: ActRequest): FakeVm | undefined {
    return vms.find(({ vmid, path, uuid }) => vmid === vm.vmid && path === vm.path && uuid === vm.uuid);
  }

  function begin(request: ActRequest, vm: FakeVm): void {
    if (fences.has(request.actId)) return;
    const trace: Trace = { exitCode: null, output: "", failure: null, hostTask: null };
    const verb = request.act.kind === "power" ? request.act.action : `ANSWER ${request.act.choiceKey}`;
    traces.set(request.actId, trace);
    actions.push({ actId: request.actId, path: vm.path, verb });
    void clock.sleep(actMs).then(() => finish(request, vm, trace));
  }

  function arrive(request: ActRequest, vm: FakeVm): void {
    if (!faults.losesReply || faults.delaysLostActMs === 0) begin(request, vm);
    else void clock.sleep(faults.delaysLostActMs).then(() => begin(request, vm));
  }

  async function finish({ act }: ActRequest, vm: FakeVm, trace: Trace): Promise<void> {
    if (vm.refusal !== null) {
      const { code, text } = vm.refusal;
      return Object.assign(trace, { exitCode: 1, output: text, failure: { code, message: text } }) && undefined;
    }
    if (act.kind === "answer") vm.question = null;
    else await change(vm, act.action, trace);
    trace.exitCode = 0;
    if (!faults.liesAboutFailure) return;
    Object.assign(trace, {
      exitCode: 1,
      output: "Power on failed",
      failure: { code: "HOST_REFUSED", message: "Power on failed" },
    });
  }

  async function change(vm: FakeVm, action: string, trace: Trace): Promise<void> {
    if (action === "ON") {
      vm.question = vm.asksAtPowerOn;
      while (vm.question !== null) await clock.sleep(500);
      vm.beganAtMs = clock.now();
      vm.powerState = "ON";
    } else if (action === "OFF") vm.powerState = "OFF";
    else if (action === "SUSPEND") vm.powerState = "SUSPENDED";
    else if (action === "RESET") {
      vm.beganAtMs = clock.now();
      trace.hostTask = faults.hidesHostTask ? null : { state: "success", message: null };
    } else if (vm.obeys) void clock.sleep(guestMs).then(() => obey(vm, action));
  }

  function obey(vm: FakeVm, action: string): void {
    if (action === "REBOOT") vm.beganAtMs = clock.now();
    else vm.powerState = "OFF";
  }

  return {
    vms,
    actions,
    traces,
    faults,
    creation: createFakeCreation({ clock, vms, exec, fences, traces }),
    driver: {
      plan,
      async listIsoImages({ folders }) {
        await exec();
        return { images: folders.map((folder) => ({ path: `${folder}/there.iso`, sizeBytes: 1 })), silent: [] };
      },
      async act(request): Promise<ActReceipt> {
        if (faults.refusesLogin) throw new AppError("AUTH_FAILED", "esx1 refused the login.");
        await exec();
        if (faults.losesRequest) throw lostLine(() => (faults.losesRequest = false));
        const vm = find(request);
        const verdict: Verdict = verdictOn(request, vm, traces.has(request.actId));
        const summary = vm === undefined ? null : summaryOf(vm, clock.now());
        if (verdict.outcome === "started" && vm !== undefined) arrive(request, vm);
        if (faults.losesReply) throw lostLine(() => (faults.losesReply = false));
        return { ...verdict, summary, commands: plan(request), hostOutput: "" };
      },
      async look(request): Promise<ActReport> {
        const at = timestampOf(clock.now());
        await exec();
        const vm = find(request);
        const trace = traces.get(request.actId);
        return {
          at,
          summary: vm === undefined ? null : summaryOf(vm, clock.now()),
          summaryError: vm === undefined ? "Unable to find a VM" : null,
          command: trace === undefined ? "absent" : trace.exitCode === null ? "running" : "ended",
          exitCode: trace?.exitCode ?? null,
          output: trace?.output ?? "",
          failure: trace?.failure ?? null,
          strayed: null,
          hostTask: trace?.hostTask ?? null,
        };
      },
      async fence({ actId, sentAt }) {
        await exec();
        if (traces.has(actId)) return "begun";
        fences.add(actId);
        return Date.parse(sentAt) < faults.restartedAtMs ? "forgotten" : "fenced";
      },
      async forget(actIds) {
        await exec();
        for (const actId of actIds) traces.delete(actId);
      },
    },
  };
}

function lostLine(once: () => void): AppError {
  once();
  return new AppError("HOST_UNREACHABLE", "The line to esx1 was cut.");
}

type Verdict =
  | { readonly outcome: "started" | "already" }
  | { readonly outcome: "refused"; readonly reason: RefusalReason };

function verdictOn(request: ActRequest, vm: FakeVm | undefined, isKnown: boolean): Verdict {
  const { act, expectedPowerState } = request;
  if (vm === undefined) return { outcome: "refused", reason: "identity" };
  if (expectedPowerState !== undefined && vm.powerState !== expectedPowerState)
    return { outcome: "refused", reason: "state" };
  const begin: Verdict = isKnown ? { outcome: "refused", reason: "duplicate" } : { outcome: "started" };
  if (act.kind === "answer")
    return vm.question?.id === act.questionId ? begin : { outcome: "refused", reason: "changed" };
  const goal = { ON: "ON", OFF: "OFF", SHUTDOWN: "OFF", SUSPEND: "SUSPENDED", REBOOT: "", RESET: "" }[act.action];
  if (vm.powerState === goal) return { outcome: "already" };
  if (vm.question !== null && act.action !== "OFF" && act.action !== "RESET")
    return { outcome: "refused", reason: "question" };
  if (act.action !== "ON" && vm.powerState !== "ON") return { outcome: "refused", reason: "state" };
  const needsTools = act.action === "SHUTDOWN" || act.action === "REBOOT";
  return needsTools && !vm.toolsRun ? { outcome: "refused", reason: "tools" } : begin;
}
