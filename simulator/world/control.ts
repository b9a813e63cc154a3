/** What a test may do to a host's VMs behind the back of whoever watches it. Everything happens at once. */
import type { SimConnection, SimPower, SimQuestion, SimVm, VmOptions } from "../words.ts";
import type { MountState } from "./vm.ts";

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
  /** Free bytes of the datastore of that name, or of `/tmp`. What is written is taken from them. */
  setFree(datastore: string, bytes: number): void;
  freeOf(datastore: string): number;
  /** So many more writes go through there (folders, pieces of files, steps of a disk), then it is full; null: no such end. */
  fillAfter(datastore: string, writes: number | null): void;
  setMount(datastore: string, mount: MountState): void;
  /**
   * All that lies under /vmfs and /tmp: by path `folder`, `link to …`, or `file` and its text. Two hosts of the same seed and
   * options begin with the same.
   */
  fileMap(): Promise<Readonly<Record<string, string>>>;
  readFile(path: string): Promise<string>;
  writeFile(path: string, text: string): Promise<void>;
}
