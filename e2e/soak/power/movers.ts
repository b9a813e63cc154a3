/** Re-registers VMs behind ECoMan's back and gives their old numbers to others. */
import { setTimeout as delay } from "node:timers/promises";
import type { Random } from "../../../simulator/random.ts";
import type { SimulatedHost } from "../../../simulator/simulator.ts";

export interface Movers {
  readonly moves: number;
  stop(): Promise<void>;
}

export interface MoverOptions {
  readonly hosts: readonly SimulatedHost[];
  readonly random: Random;
  /** Paths of VMs on which work is under way: the more there are, the more of the moves concern them. */
  readonly inWork: ReadonlySet<string>;
}

type Move = (host: SimulatedHost, vmid: number, random: Random) => void;

/** Each as often as it stands here. */
const moves: readonly Move[] = [swap, swap, swap, renew, handOver];

/** Two VMs change their numbers. */
function swap(host: SimulatedHost, vmid: number, random: Random): void {
  host.reregister(vmid, random.pick(host.vms()).vmid);
}

/** It gets a number that nobody had. */
function renew(host: SimulatedHost, vmid: number): void {
  host.reregister(vmid);
}

/** It gets a number that nobody had, and another VM gets its old one. */
function handOver(host: SimulatedHost, vmid: number, random: Random): void {
  host.reregister(vmid);
  const heir = random.pick(host.vms()).vmid;
  host.reregister(heir, vmid);
}

/** For each script that is run on a host: whatever the machine can do, so many moves come between one's check and its act. */
const movesPerScript = 0.6;
const mostCopies = 20;
/** What part of a host's moves concerns each of its VMs in work. */
const busyShare = 0.04;

export function startMovers({ hosts, random, inWork }: MoverOptions): Movers {
  const ending = new AbortController();
  let made = 0;
  const copies = new Map<SimulatedHost, number>();

  /** A copied folder has the original's uuid and instance uuid. */
  function copy(host: SimulatedHost, vmid: number): void {
    const count = (copies.get(host) ?? 0) + 1;
    if (count > mostCopies) return;
    copies.set(host, count);
    host.copyFolder(vmid, `copy ${count} of ${host.vm(vmid).name}`);
  }

  function move(): void {
    const host = random.pick(hosts);
    const all = host.vms();
    const busy = all.filter(({ path }) => inWork.has(path));
    const { vmid } = random.pick(random.chance(busy.length * busyShare) ? busy : all);
    if (random.chance(0.02)) copy(host, vmid);
    else random.pick(moves)(host, vmid, random);
    made += 1;
  }

  async function run(): Promise<void> {
    const scripts = (): number => hosts.reduce((sum, host) => sum + host.sshCounts().channels, 0);
    const before = scripts();
    while (!ending.signal.aborted) {
      while (made < (scripts() - before) * movesPerScript) move();
      await delay(1);
    }
  }

  const done = run();
  return {
    get moves() {
      return made;
    },
    async stop() {
      ending.abort();
      await done;
    },
  };
}
