/** Switches a VM's power: checked by what is known, then by the host in the script that acts, then watched there. */
import type { UserError } from "../errors.ts";
import type { ActReceipt } from "../esxi/driver.ts";
import type { PowerAction, PowerState, Task, Vm, VmId } from "../model.ts";
import { type Act, type ActRoom, type Aim, actSteps, aimAt, driverOf, forgetAct, isDriver } from "./act.ts";
import type { Deadlines } from "./deadlines.ts";
import { judgePower, judgePowerAtDeadline } from "./power-judge.ts";
import { alreadyDone, type PowerCase, subjectOf, wordingOf } from "./power-words.ts";
import { expectedStateMismatch, judgeRefused } from "./refusal.ts";
import { recoverAct, sendAct } from "./send.ts";
import { failed, succeeded } from "./settlement.ts";
import type { Checked, Settlement, UseCase } from "./use-case.ts";

export interface PowerAsked {
  readonly vmId: VmId;
  readonly action: PowerAction;
  readonly expectedPowerState: PowerState | null;
}

/** The task's input: what was asked, and the VM as it was then; later as it was when the command was sent. */
interface PowerInput extends Aim {
  readonly asked: PowerAsked;
}

export function createPowerUseCase(room: ActRoom, deadlines: Deadlines): UseCase {
  function actOf(task: Task, aim: Aim): Act {
    const { asked } = inputOf(task);
    return powerAct({ task, asked, aim, deadlineMs: deadlines.power[asked.action] });
  }

  function check(asked: PowerAsked): Checked {
    const vm = room.inventory.vm(asked.vmId);
    if (vm === undefined) return { plan: null, userErrors: [notFound(asked.vmId)] };
    const driver = driverOf(vm.node, room);
    const nodeErrors = isDriver(driver) ? [] : [{ ...driver, path: ["input", "vmId"] }];
    const aim = aimAt(vm, room.inventory.usage(vm.id));
    const act = powerAct({ task: { id: "dry-run", node: vm.node }, asked, aim, deadlineMs: 0 });
    const commands = () => (isDriver(driver) ? driver.plan(act.request) : []);
    return {
      plan: { node: vm.node, vmId: vm.id, facts: { ...aim }, commands },
      userErrors: [...nodeErrors, ...stateErrors(asked, vm)],
    };
  }

  return {
    kind: "SET_POWER",
    steps: Object.values(actSteps),
    lane: "act",
    cancellation: "before-sent",
    check: async (asked) => check(asked as unknown as PowerAsked),
    async run(handle) {
      const { asked, name } = inputOf(handle.task);
      // While it waited its turn the VM may have been re-registered: its newest address counts.
      const vm = room.inventory.vm(asked.vmId);
      if (vm !== undefined) return sendAct(actOf(handle.task, aimAt(vm, room.inventory.usage(vm.id))), handle, room);
      const subject = subjectOf({ vmName: name, node: handle.task.node });
      return failed("NOT_FOUND", `${subject} is gone since the request was made. Nothing was sent.`);
    },
    recover: (handle) => recoverAct(actOf(handle.task, inputOf(handle.task)), deadlines.afterRestart, { handle, room }),
    tidy: (task) => forgetAct(task, room),
  };
}

function inputOf(task: Task): PowerInput {
  return task.input as unknown as PowerInput;
}

export interface PowerActOptions {
  readonly task: Pick<Task, "id" | "node">;
  readonly asked: PowerAsked;
  readonly aim: Aim;
  readonly deadlineMs: number;
}

export function powerAct({ task, asked, aim, deadlineMs }: PowerActOptions): Act {
  const { vmId, action, expectedPowerState } = asked;
  const power: PowerCase = { action, vmName: aim.name, node: task.node };
  const act = { kind: "power", action } as const;
  return {
    node: task.node,
    vmId,
    request: { actId: task.id, vm: aim.vm, act, ...(expectedPowerState === null ? {} : { expectedPowerState }) },
    aim,
    wording: wordingOf(power),
    deadlineMs,
    judgeReceipt: (receipt) => judgeReceipt(power, asked, receipt),
    judge: (history) => judgePower(power, history),
    judgeAtDeadline: (history) => judgePowerAtDeadline(power, history),
  };
}

function judgeReceipt(
  power: PowerCase,
  { expectedPowerState }: PowerAsked,
  receipt: ActReceipt,
): Settlement | undefined {
  if (receipt.outcome === "started") return undefined;
  const refusing = { deed: wordingOf(power).deed, expectedPowerState };
  if (receipt.outcome === "refused") return judgeRefused(receipt, refusing);
  return expectedStateMismatch(receipt, refusing) ?? succeeded(alreadyDone(power));
}

function notFound(vmId: VmId): UserError {
  const message = `There is no VM with the id ${JSON.stringify(vmId)}. It may have been removed from its host; query vms for those there are.`;
  return { code: "NOT_FOUND", message, path: ["input", "vmId"] };
}

function stateErrors({ expectedPowerState }: PowerAsked, vm: Vm): readonly UserError[] {
  if (expectedPowerState === null || expectedPowerState === vm.powerState) return [];
  const message = `${subjectOf({ vmName: vm.name, node: vm.node })} is ${vm.powerState}, not ${expectedPowerState} as expected. Look at it again before you decide.`;
  return [{ code: "CONFLICT", message, path: ["input", "expectedPowerState"] }];
}
