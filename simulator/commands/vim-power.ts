/** The vim-cmds that switch power. Those with a host task return when it has ended, as the real ones do. */
import { dump } from "../text/dump.ts";
import type { Fault } from "../text/fault.ts";
import type { GuestOperation, TaskOperation } from "../world/power.ts";
import { askGuest, refusal, startPowerTask } from "../world/power.ts";
import type { World } from "../world/world.ts";
import type { CommandResult, HostCommand } from "./command.ts";
import { failed, ok } from "./command.ts";
import type { VmCall } from "./vim-vm.ts";
import { faulty, logAction, onVm } from "./vim-vm.ts";

interface PowerVerb {
  readonly command: string;
  readonly operation: TaskOperation;
  readonly heading: string;
  /** What begins the line of a failure. */
  readonly failure: string;
}

const verbs: readonly PowerVerb[] = [
  { command: "vmsvc/power.on", operation: "powerOn", heading: "Powering on VM:\n", failure: "Power on failed" },
  { command: "vmsvc/power.off", operation: "powerOff", heading: "Powering off VM:\n", failure: "Power off failed" },
  { command: "vmsvc/power.suspend", operation: "suspend", heading: "Suspending VM:\n", failure: "Suspend failed" },
  { command: "vmsvc/power.reset", operation: "reset", heading: "Reset VM:\n", failure: "Reset failed" },
  {
    command: "vmsvc/power.suspendResume",
    operation: "suspendResume",
    heading: "Suspend Resume VM:\n",
    failure: "Suspend Resume failed",
  },
];

export const powerCommands: Readonly<Record<string, HostCommand>> = {
  ...Object.fromEntries(verbs.map((verb) => [verb.command, onVm((call) => switchPower(verb, call))])),
  "vmsvc/power.shutdown": onVm((call) => requestOfGuest(call, ["vmsvc/power.shutdown", "shutdownGuest"])),
  "vmsvc/power.reboot": onVm((call) => requestOfGuest(call, ["vmsvc/power.reboot", "rebootGuest"])),
};

async function switchPower(verb: PowerVerb, call: VmCall): Promise<CommandResult> {
  const { vm, world } = call;
  const refused = refusal(world, vm, verb.operation);
  if (refused !== null) return powerFailure(verb, refused, world);
  logAction(call, verb.command);
  const task = await startPowerTask(world, vm, verb.operation);
  return task.fault === null ? ok(verb.heading) : powerFailure(verb, task.fault, world);
}

/** The heading is on stdout, the words `… failed` on stderr (6.0u2); 5.x prints the bare fault. */
function powerFailure(verb: PowerVerb, fault: Fault, world: World): CommandResult {
  const { powerFault } = world.release;
  if (powerFault === "fault" && verb.operation !== "suspend") return faulty(fault, world, verb.heading);
  if (powerFault === "both") {
    return failed(1, `${verb.failure}: ${dump(fault.value, world.release)}\n`, verb.heading);
  }
  return failed(1, `${verb.failure}\n`, verb.heading);
}

function requestOfGuest(call: VmCall, [command, operation]: readonly [string, GuestOperation]): CommandResult {
  const { vm, world } = call;
  const refused = refusal(world, vm, operation);
  if (refused !== null) return faulty(refused, world);
  logAction(call, command);
  askGuest(world, vm, operation);
  return ok();
}
