/** `kill -9` of the server during power tasks: every one ends truthfully after the restart, none is sent twice. */
import { setTimeout as delay } from "node:timers/promises";
import { createRandom, type Random } from "../../simulator/random.ts";
import { auditFaults } from "./kill/audit-faults.ts";
import { type Moment, moments, type Scene } from "./kill/moments.ts";
import { progressAt } from "./kill/progress.ts";
import { lingerMs, openStage, type Request, type Stage } from "./kill/stage.ts";
import { endsOf } from "./power/ends-of.ts";
import { readTask } from "./power/power-client.ts";
import type { Figures, Scenario, ScenarioOptions } from "./scenario.ts";

export const kill: Scenario = {
  name: "kill",
  about: "the server is killed at every point of power tasks; each ends truthfully, none is sent twice",
  rounds: 50,
  run,
};

/** Requests under way besides the one that the moment is about. */
const companions = 3;

async function run({ seed, rounds, onProgress = () => undefined }: ScenarioOptions): Promise<Figures> {
  const random = createRandom(seed, "kill");
  const reached: string[] = [];
  let kills = 0;
  await using stage = await openStage(seed);
  await stage.start();
  for (let round = 0; round < rounds; round += 1) {
    const moment = moments[round % moments.length] ?? random.pick(moments);
    onProgress(`round ${round + 1}: killed ${moment.name}`);
    const requests = await playUntil(moment, stage, random);
    const diedAt = Date.now();
    kills += 1 + (await restart(stage, random));
    await stage.settle();
    reached.push(...requests.map((request) => progressAt(diedAt, request, stage.simulator.actionLog)));
  }
  await lateScripts(stage, rounds);
  await stage.end("SIGKILL");
  const faults = await auditFaults(stage.store, stage.requests, stage.simulator.actionLog);
  if (faults.length > 0) throw new Error(faults.join("\n"));
  return {
    kills,
    requests: stage.requests.length,
    actions: stage.simulator.actionLog.length,
    ...countOf("tasks that died", reached),
    ...endsOf(stage.requests),
  };
}

async function playUntil(moment: Moment, stage: Stage, random: Random): Promise<readonly Request[]> {
  const lead = stage.draw(random);
  const others = Array.from({ length: companions }, () => stage.draw(random));
  for (const other of others) void delay(random.between(0, 800)).then(() => stage.ask(other).catch(() => undefined));
  await moment.reach(sceneOf(lead, stage, random));
  await stage.end("SIGKILL");
  return [lead, ...others];
}

function sceneOf(request: Request, stage: Stage, random: Random): Scene {
  let removeFault: (() => void) | undefined;
  return {
    random,
    line: stage.lineOf(request),
    slowCheck(on) {
      removeFault?.();
      const match = `vmsvc/get.summary ${request.vm.vmid}`;
      removeFault = on ? request.host.faults.add({ kind: "slow", match }) : undefined;
    },
    ask: () => stage.ask(request),
    async task() {
      if (request.taskId === undefined) return undefined;
      const task = await readTask(stage.url, { id: request.taskId, action: request.action, waitMs: 0 });
      request.task = task ?? request.task;
      return task;
    },
    wasDone: () => stage.wasDone(request),
  };
}

/** Answers how often it was killed once more while it took up what the one before had left. */
async function restart(stage: Stage, random: Random): Promise<number> {
  let kills = 0;
  for (;;) {
    await stage.start();
    if (!random.chance(0.15)) return kills;
    await delay(random.between(0, 1_500));
    await stage.end("SIGKILL");
    kills += 1;
  }
}

/** What a dead server left running on a host has come to its end, and the log shows nothing that was not told. */
async function lateScripts(stage: Stage, rounds: number): Promise<void> {
  if (rounds < moments.length) return;
  await delay(lingerMs);
  await stage.settle();
}

function countOf(what: string, words: readonly string[]): Figures {
  const groups = Object.groupBy(words, (word) => word);
  return Object.fromEntries(Object.entries(groups).map(([word, all]) => [`${what} ${word}`, all?.length ?? 0]));
}
