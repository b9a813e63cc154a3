/** What befalls the hosts meanwhile, each at a random moment. All of it is over, or undone, before anything is judged. */
import { setTimeout as delay } from "node:timers/promises";
import type { Random } from "../../../simulator/random.ts";
import { cancelCreation } from "./creation-client.ts";
import type { Request } from "./request.ts";
import type { Stage } from "./stage.ts";

export interface Trouble {
  readonly name: string;
  befall(request: Request, stage: Stage, random: Random): Promise<void>;
}

export const troubles: readonly Trouble[] = [
  {
    name: "line cut",
    async befall({ host }, _stage, random) {
      await delay(random.between(0, 2_500));
      host.dropConnections();
      if (random.chance(0.5)) await delay(random.between(0, 400));
      host.dropConnections();
    },
  },
  {
    name: "hostd restarted",
    async befall({ host }, _stage, random) {
      await delay(random.between(0, 2_500));
      await host.restartHostd({ downMs: random.between(200, 3_000), emptyMs: 500, halfMs: 500 });
    },
  },
  {
    name: "datastore full",
    async befall({ host, input }, _stage, random) {
      host.fillAfter(input.datastore, random.between(0, 14));
      await delay(random.between(2_000, 5_000));
      host.fillAfter(input.datastore, null);
    },
  },
  {
    name: "answer lost",
    async befall({ host }, _stage, random) {
      const match = random.pick(["vmkfstools", "solo/registervm", "vmsvc/unregister", "power.on"]);
      const remove = host.faults.add({ kind: "drop", match, afterBytes: 0, count: 1 });
      await delay(6_000);
      remove();
    },
  },
  {
    name: "refused",
    async befall({ host }, _stage, random) {
      const match = random.pick(["solo/registervm", "vmsvc/unregister", "power.on"]);
      const remove = host.faults.add({
        kind: "fail",
        match,
        count: 1,
        text: "Operation failed since another task is in progress.\n",
      });
      await delay(6_000);
      remove();
    },
  },
  {
    name: "cancelled",
    async befall(request, stage, random) {
      await delay(random.between(300, 3_000));
      if (request.taskId === undefined || !stage.isRunning) return;
      request.wasCancelled = true;
      await cancelCreation(stage.url, request.taskId).catch(() => undefined);
    },
  },
];
