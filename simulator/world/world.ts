/** One simulated host without its wire: hardware, datastores, VMs, hostd's mood, tasks, files. */
import type { InMemoryFs } from "just-bash";
import type { Random } from "../random.ts";
import type { Release } from "../release.ts";
import type { Action } from "../words.ts";
import type { HostTask } from "./host-task.ts";
import type { Processes } from "./processes.ts";
import type { Datastore, Extent, Vm } from "./vm.ts";
import { pathOf } from "./vm.ts";

/** down: no login · empty, half: it answers, but has not loaded all VMs yet · up: whole. */
export type HostdState = "down" | "empty" | "half" | "up";

export interface PortGroup {
  readonly name: string;
  readonly virtualSwitch: string;
  readonly vlanId: number;
}

export interface Hardware {
  readonly vendor: string;
  readonly model: string;
  readonly cpuModel: string;
  readonly cpuMhz: number;
  readonly packages: number;
  readonly cores: number;
  readonly threads: number;
  readonly memoryBytes: number;
}

export interface World {
  readonly name: string;
  readonly release: Release;
  readonly hardware: Hardware;
  readonly datastores: Datastore[];
  readonly portGroups: PortGroup[];
  bootedAt: number;
  /** Rises with every loss of power. */
  boots: number;
  readonly vms: Vm[];
  readonly tasks: HostTask[];
  /** All that lies on it, without anything that stands in the way; see host-files.ts. */
  readonly files: InMemoryFs;
  /** The same as the host's own commands meet them. */
  readonly hostFiles: InMemoryFs;
  /** Behind /tmp. */
  readonly ramdisk: Datastore;
  /** By path: files whose size is not that of their text. */
  readonly extents: Map<string, Extent>;
  /** Paths that a vmkfstools at work holds. */
  readonly held: Set<string>;
  readonly processes: Processes;
  readonly random: Random;
  readonly timing: Timing;
  /** vim-cmd takes a .vmx path in place of a vmid. */
  readonly acceptsPaths: boolean;
  /** vim-cmd knows solo/querycfgopt. */
  readonly answersConfigOptions: boolean;
  hostd: HostdState;
  nextVmid: number;
  nextWorldId: number;
  nextTask: number;
  nextQuestion: number;
  /** Called for every command that changes a VM, at the moment it does. */
  readonly log: (action: Action) => void;
}

export interface Timing {
  readonly guestMs: number;
  readonly taskMs: number;
  /** How long the making of a disk takes. */
  readonly diskMs: number;
}

/** The VMs that hostd knows of at this moment. */
export function loadedVms(world: World): readonly Vm[] {
  if (world.hostd === "empty" || world.hostd === "down") return [];
  return world.hostd === "half" ? world.vms.filter((_, index) => index % 2 === 0) : world.vms;
}

/** By vmid, or by the .vmx path (under the datastore's UUID or name) where the host takes one. */
export function findVm(world: World, given: string): Vm | undefined {
  const loaded = loadedVms(world);
  if (/^\d+$/.test(given)) return loaded.find((vm) => String(vm.vmid) === given);
  if (!world.acceptsPaths) return undefined;
  const wanted = canonicalPath(world, given);
  return loaded.find((vm) => pathOf(vm) === wanted);
}

/** `/vmfs/volumes/UUID/…` for a path under a datastore's name, or for `[name] …`. */
export function canonicalPath(world: World, given: string): string {
  const bracketed = /^\[([^\]]*)\] ?(.*)$/s.exec(given);
  const path = bracketed ? `/vmfs/volumes/${bracketed[1]}/${bracketed[2]}` : given;
  const parts = /^\/vmfs\/volumes\/([^/]+)(.*)$/s.exec(path);
  if (!parts) return path;
  const datastore = world.datastores.find((each) => each.name === parts[1]);
  return `/vmfs/volumes/${datastore?.uuid ?? parts[1]}${parts[2]}`;
}

export function takeVmid(world: World): number {
  const vmid = world.nextVmid;
  world.nextVmid += world.release.vmidStep;
  return vmid;
}

/** Called whenever a vmid was given from outside, so that none is given twice. */
export function reserveVmid(world: World, vmid: number): void {
  while (world.nextVmid <= vmid) world.nextVmid += world.release.vmidStep;
}

export function mainDatastore(world: World, name?: string): Datastore {
  const found = world.datastores.find((each) => !each.system && (name === undefined || each.name === name));
  if (found === undefined) throw new Error(`${world.name} has no datastore ${name ?? ""}`);
  return found;
}
