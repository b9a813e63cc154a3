/** Creations while the server is killed, lines are cut, hostd is restarted and datastores fill: each ends truthfully, nothing is left. */
import { setTimeout as delay } from "node:timers/promises";
import { createRandom, type Random } from "../../simulator/random.ts";
import { type Moment, moments } from "./creation/moments.ts";
import type { Request } from "./creation/request.ts";
import { openStage, type Stage } from "./creation/stage.ts";
import { troubles } from "./creation/trouble.ts";
import type { Figures, Scenario, ScenarioOptions } from "./scenario.ts";

export const creation: Scenario = {
  name: "creation",
  about: "creations through kills, cut lines, hostd restarts and full datastores; none leaves anything behind or lies",
  /** So many blows, of all kinds together. */
  rounds: 1000,
  run,
};

/** Requests under way besides the one that the moment is about, each with a trouble of its own. */
const companions = 3;

async function run({ seed, rounds, onProgress = () => undefined }: ScenarioOptions): Promise<Figures> {
  const random = createRandom(seed, "creation");
  const blows = new Map<string, number>();
  const count = (name: string): void => void blows.set(name, (blows.get(name) ?? 0) + 1);
  const total = (): number => [...blows.values()].reduce((sum, number) => sum + number, 0);
  await using stage = await openStage(seed);
  await stage.start();
  for (let round = 0; total() < rounds; round += 1) {
    const moment = moments[round % moments.length] ?? random.pick(moments);
    onProgress(`${total()} blows; now killed ${moment.name}`);
    await playRound({ moment, stage, random, count });
  }
  const states = Object.groupBy(stage.requests, ({ task }) => `tasks ${task?.state}`);
  return {
    ...Object.fromEntries(blows),
    requests: stage.requests.length,
    ...Object.fromEntries(Object.entries(states).map(([state, all]) => [state, all?.length ?? 0])),
  };
}

interface Round {
  readonly moment: Moment;
  readonly stage: Stage;
  readonly random: Random;
  readonly count: (name: string) => void;
}

async function playRound({ moment, stage, random, count }: Round): Promise<void> {
  const lead = await stage.draw(random);
  const others: Request[] = [];
  for (let index = 0; index < companions; index += 1) others.push(await stage.draw(random));
  const befallen = others.map(async (other) => {
    const trouble = random.pick(troubles);
    count(trouble.name);
    await stage.ask(other);
    await trouble.befall(other, stage, random);
  });
  await moment.reach(lead, stage, random);
  count("server killed");
  await stage.kill();
  await delay(random.between(0, 500));
  await stage.start();
  while (random.chance(0.15)) {
    await delay(random.between(0, 2_000));
    count("server killed again");
    await stage.kill();
    await stage.start();
  }
  await Promise.all(befallen);
  await stage.settle();
}
