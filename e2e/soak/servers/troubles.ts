/** What befalls one of the servers, or the way to the database, and what must hold soon after. */
import { setTimeout as delay } from "node:timers/promises";
import type { Random } from "../../../simulator/random.ts";
import type { Cluster, Member } from "./cluster.ts";
import type { Hands } from "./hands.ts";

export interface TroubleScene {
  readonly cluster: Cluster;
  readonly hands: Hands;
  readonly random: Random;
  /** How many times longer than promised a take-over may last. */
  readonly slack: number;
}

export interface Trouble {
  readonly name: string;
  /** Resolves when it is over and the servers run again. Answers how long others took to take over, in ms, where they had to. */
  befall(scene: TroubleScene): Promise<number | undefined>;
}

/** As server/leases has it. */
const leaseMs = 10_000;
/** As promised after a server died; in ms. */
const takeOverMs = 20_000;
/** After a server left in order: long before its leases would have run out; in ms. */
const handOverMs = 5_000;

export const troubles: readonly Trouble[] = [
  {
    name: "a server is killed",
    async befall({ cluster, hands, random, slack }) {
      const victim = random.pick(cluster.running());
      const { id } = victim;
      await victim.end("SIGKILL");
      const afterMs = await hands.takenFrom(id);
      hold(
        afterMs <= slack * takeOverMs,
        `${victim.name} was killed, and its nodes were taken over after ${afterMs} ms`,
      );
      await victim.start();
      return afterMs;
    },
  },
  {
    name: "a server stands still for three lease times",
    async befall({ cluster, hands, random, slack }) {
      const victim = random.pick(cluster.running());
      const { id } = victim;
      victim.signal("SIGSTOP");
      const [afterMs] = await Promise.all([hands.takenFrom(id), delay(3 * leaseMs)]).finally(() =>
        victim.signal("SIGCONT"),
      );
      hold(
        afterMs <= slack * takeOverMs,
        `${victim.name} stood still, and its nodes were taken over after ${afterMs} ms`,
      );
      return afterMs;
    },
  },
  {
    name: "a server is asked to end",
    async befall({ cluster, hands, random, slack }) {
      const victim = random.pick(cluster.running());
      const { id } = victim;
      const taken = hands.takenFrom(id);
      taken.catch(() => undefined);
      const endedMs = await victim.end("SIGTERM");
      const afterMs = await taken;
      hold(
        afterMs <= endedMs + slack * handOverMs,
        `${victim.name} ended in ${endedMs} ms, and its nodes were taken over after ${afterMs} ms`,
      );
      await victim.start();
      return afterMs;
    },
  },
  {
    name: "nobody reaches the database for 20 s",
    befall: ({ cluster, random }) => playOn(cluster.members, random, { ms: 20_000, play: unreachable(random) }),
  },
  {
    name: "the primary steps down",
    befall: ({ cluster, random }) => playOn(cluster.members, random, { ms: 5_000, play: steppingDown(random) }),
  },
];

interface Play {
  readonly ms: number;
  readonly play: (member: Member, on: boolean) => Promise<void>;
}

/** For so long, with lost answers right before: what was under way then is what hurts. */
async function playOn(members: readonly Member[], random: Random, { ms, play }: Play): Promise<undefined> {
  for (const { database } of members) database.loseAnswers(0.3);
  await delay(random.between(100, 500));
  await Promise.all(members.map((member) => play(member, true)));
  await delay(ms);
  await Promise.all(members.map((member) => play(member, false)));
  await Promise.all(members.map(({ database }) => database.calm()));
  return undefined;
}

/** Refused, or silent: a cable that was pulled tells nobody. */
function unreachable(random: Random): Play["play"] {
  const isSilent = random.chance(0.5);
  return async ({ database }, on) => (isSilent ? database.silence(on) : database.refuse(on));
}

function steppingDown(random: Random): Play["play"] {
  const doneShare = random.chance(0.5) ? 0.5 : 0;
  return async ({ database }, on) => {
    database.stepDown(on ? { doneShare } : undefined);
    if (!on) database.cut();
  };
}

function hold(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new Error(otherwise);
}
