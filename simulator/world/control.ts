/** What a test may do to a host's VMs behind the back of whoever watches it. Everything happens at once. */
import type { SimConnection, SimPower, SimQuestion, SimVm, VmOptions } from "../words.ts";

export interface HostdRestart {
  /** hostd does not answer at all for so long. Default 0. */
  readonly downMs?: number;
  /** Then it lists nothing. Default 2000. */
  readonly emptyMs?: number;
  /** Then it lists every second VM. Default 2000. */
  readonly halfMs?: number;
}

export interface HostControl {
  /** In order of vmid. */
  vms(): readonly SimVm[];
  /** Throws when there is none. */
  vm(vmid: number): SimVm;
  setPower(vmid: number, power: SimPower): void;
  /** Registers the VM anew under `newVmid` (default: the next free one); a VM that holds it takes the old one. Returns the new one. */
  reregister(vmid: number, newVmid?: number): number;
  addVm(options: VmOptions): SimVm;
  /** Unregisters it and removes its folder. */
  removeVm(vmid: number): void;
  /** Changes the display name; the folder stays. */
  renameVm(vmid: number, name: string): void;
  /** Changes anything that VmOptions names but the place of its files. */
  changeVm(vmid: number, change: Partial<VmOptions>): void;
  /** A copied folder, registered: same uuid and instanceUuid, another path. */
  copyFolder(vmid: number, folder: string): SimVm;
  /** The VM asks, and power.on blocks until it is answered. */
  ask(vmid: number, question: SimQuestion): void;
  /** Answers it as somebody else would. */
  answer(vmid: number, choiceKey: string): void;
  /** The next power.on asks whether it was moved or copied. */
  askAtPowerOn(vmid: number, question?: SimQuestion): void;
  makeInvalid(vmid: number, invalid?: boolean): void;
  /** get.summary answers a fault as long as it is on. */
  makeUnreadable(vmid: number, unreadable?: boolean): void;
  setConnection(vmid: number, connection: SimConnection): void;
  /** Resolves when hostd is whole again. */
  restartHostd(options?: HostdRestart): Promise<void>;
  /** While down, vim-cmd and esxcli can't log in; localcli goes on. */
  hostdDown(down: boolean): void;
  /** Text of a file on the host; rejects when there is none. */
  readFile(path: string): Promise<string>;
  writeFile(path: string, text: string): Promise<void>;
}
