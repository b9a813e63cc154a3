/** Everything that happens to VMs behind ECoMan's back, drawn from a seed. */
import { setTimeout as delay } from "node:timers/promises";
import type { Random } from "../../../simulator/random.ts";
import type { SimulatedHost, SimVm } from "../../../simulator/simulator.ts";

export interface Churn {
  /** Changes made so far. */
  readonly changes: number;
  /** Ends it; every host answers and every VM can be read afterwards. */
  stop(): Promise<void>;
}

type Deed = (host: SimulatedHost, vm: SimVm, random: Random) => void;

const powers = ["ON", "OFF", "SUSPENDED"] as const;
const question = { text: "Was it moved or copied?", choices: [{ key: "1", label: "Moved" }] };

/** Each as often as it stands here. */
const deeds: readonly Deed[] = [
  (host, { vmid }, random) => host.setPower(vmid, random.pick(powers)),
  (host, { vmid }, random) => host.setPower(vmid, random.pick(powers)),
  (host, { vmid }, random) => host.setPower(vmid, random.pick(powers)),
  (host, { vmid }, random) => host.renameVm(vmid, `${random.pick(["blue", "red"])} ${random.hex(4)}`),
  (host, { vmid }, random) => host.renameVm(vmid, `${random.pick(["blue", "red"])} ${random.hex(4)}`),
  (host, { vmid }) => host.reregister(vmid),
  (host, { vmid }, random) => host.reregister(vmid, random.pick(host.vms()).vmid),
  (host, { vmid }, random) => host.changeVm(vmid, { numCpu: random.between(1, 8), note: `ticket ${random.hex(4)}` }),
  (host, { vmid }, random) => host.changeVm(vmid, { committedBytes: random.between(1, 100) * 1e9 }),
  (host, { vmid }, random) => host.makeUnreadable(vmid, random.chance(0.5)),
  (host, { vmid, question: open }) => (open ? host.answer(vmid, "1") : host.ask(vmid, question)),
  (host, { vmid }) => host.removeVm(vmid),
  (host, _, random) => add(host, random),
];

function add(host: SimulatedHost, random: Random): void {
  host.addVm({ name: `${random.pick(["blue", "red"])} new ${random.hex(6)}` });
}

/** VMs on one host. */
const fewest = 5;
const most = 30;

/** A change about every `everyMs`; the last host goes away and comes back, again and again. */
export function startChurn(hosts: readonly SimulatedHost[], random: Random, everyMs: number): Churn {
  const ending = new AbortController();
  const wanderer = hosts.at(-1);
  let changes = 0;

  async function change(): Promise<void> {
    while (!ending.signal.aborted) {
      const host = random.pick(hosts);
      const vms = host.vms();
      // Chance alone would empty a host, or fill it, in the long run.
      if (vms.length > most) host.removeVm(random.pick(vms).vmid);
      else if (vms.length < fewest) add(host, random);
      else random.pick(deeds)(host, random.pick(vms), random);
      changes += 1;
      await delay(everyMs);
    }
  }

  async function wander(): Promise<void> {
    while (!ending.signal.aborted) {
      await pause(random.between(1_000, 4_000));
      await wanderer?.stop();
      await pause(random.between(500, 3_000));
      await wanderer?.start();
    }
  }

  const pause = (ms: number): Promise<void> => delay(ms, undefined, { signal: ending.signal }).catch(() => undefined);
  const done = Promise.all([change(), wander()]);
  return {
    get changes() {
      return changes;
    },
    async stop() {
      ending.abort();
      await done;
      for (const host of hosts) for (const { vmid } of host.vms()) host.makeUnreadable(vmid, false);
    },
  };
}
