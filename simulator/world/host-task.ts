/** A task of the host, as it stands. */
import type { Fault } from "../text/fault.ts";
import type { Vm } from "./vm.ts";

export interface HostTask {
  /** `haTask-12-vim.VirtualMachine.powerOn-345`. */
  readonly id: string;
  /** `powerOn` and the like. */
  readonly operation: string;
  readonly vm: Vm;
  /** The vmid at its start: hosts keep it in the task's name. */
  readonly vmid: number;
  state: "queued" | "running" | "success" | "error";
  fault: Fault | null;
  readonly queuedAt: number;
  startedAt: number | null;
  completedAt: number | null;
}
