/** SIGTERM during power tasks: the server ends in order within 30 s, and every task has its end on record before that. */
import { setTimeout as delay } from "node:timers/promises";
import { createRandom, type Random } from "../../simulator/random.ts";
import { until } from "../harness/until.ts";
import { auditFaults } from "./kill/audit-faults.ts";
import { progressAt } from "./kill/progress.ts";
import { openStage, type Request, type Stage } from "./kill/stage.ts";
import { endsOf } from "./power/ends-of.ts";
import { readTask } from "./power/power-client.ts";
import type { Figures, Scenario, ScenarioOptions } from "./scenario.ts";

export const terminate: Scenario = {
  name: "terminate",
  about: "the server is asked to end during power tasks; it does so within 30 s, in order, and nothing is lost",
  rounds: 20,
  run,
};

const requestsPerRound = 8;
const drainMs = 30_000;

async function run({ seed, rounds, onProgress = () => undefined }: ScenarioOptions): Promise<Figures> {
  const random = createRandom(seed, "terminate");
  let slowestMs = 0;
  let underWay = 0;
  await using stage = await openStage(seed);
  await stage.start();
  for (let round = 0; round < rounds; round += 1) {
    const requests = Array.from({ length: requestsPerRound }, () => stage.draw(random));
    for (const each of requests) void delay(random.between(0, 600)).then(() => stage.ask(each).catch(() => undefined));
    await delay(random.between(100, 1_000));
    const askedAt = Date.now();
    const { code, afterMs } = await stage.end("SIGTERM");
    onProgress(`round ${round + 1}: ended with ${code} after ${afterMs} ms`);
    if (code !== 0 || afterMs > drainMs) throw new Error(`It ended with ${code} after ${afterMs} ms.`);
    slowestMs = Math.max(slowestMs, afterMs);
    const endedAt = new Date().toISOString();
    await stage.start();
    await holdEnded(stage, requests, endedAt);
    await stage.settle();
    const progress = requests.map((request) => progressAt(askedAt, request, stage.simulator.actionLog));
    underWay += progress.filter((word) => word !== "unrecorded" && word !== "ended").length;
  }
  const stubbornMs = rounds < 5 ? 0 : await outlastedBy(stage, random);
  await stage.end("SIGTERM");
  const faults = await auditFaults(stage.store, stage.requests, stage.simulator.actionLog);
  if (faults.length > 0) throw new Error(faults.join("\n"));
  const { requests, simulator } = stage;
  return {
    requests: requests.length,
    underWay,
    slowestMs,
    stubbornMs,
    actions: simulator.actionLog.length,
    ...endsOf(requests),
  };
}

/** A guest that takes longer to shut down than the server may take to end: the next server goes on watching it. */
async function outlastedBy(stage: Stage, random: Random): Promise<number> {
  const request = stage.draw(random, "SHUTDOWN");
  const { host, vm } = request;
  host.changeVm(vm.vmid, { ignoresShutdown: true });
  await stage.ask(request);
  await until(() => stage.wasDone(request), { what: "the guest to be asked" });
  const { code, afterMs } = await stage.end("SIGTERM");
  if (code !== 0 || afterMs > drainMs)
    throw new Error(`With work under way it ended with ${code} after ${afterMs} ms.`);
  await stage.start();
  host.setPower(vm.vmid, "OFF");
  await stage.settle();
  if (request.task?.state !== "SUCCEEDED") throw new Error(`The shutdown ended as ${JSON.stringify(request.task)}`);
  return afterMs;
}

/** Those of which the server ever told: it did not leave them to its successor. */
async function holdEnded({ url }: Stage, requests: readonly Request[], endedAt: string): Promise<void> {
  for (const request of requests) {
    if (request.taskId === undefined) continue;
    const task = await readTask(url, { id: request.taskId, action: request.action, waitMs: 0 });
    if (task?.finishedAt == null || task.finishedAt > endedAt)
      throw new Error(`${request.key} was left unfinished: ${JSON.stringify(task)}`);
    request.task = task;
  }
}
