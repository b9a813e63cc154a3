/** When a server dies, told from outside: by what the API, the hosts and their log show of one request. */
import { setTimeout as delay } from "node:timers/promises";
import type { Random } from "../../../simulator/random.ts";
import type { LingeringLine } from "../../harness/lingering-line.ts";
import { until } from "../../harness/until.ts";
import type { PowerTask } from "../power/power-client.ts";

/** One request, and what can be seen of it. */
export interface Scene {
  readonly random: Random;
  /** To the request's host. */
  readonly line: LingeringLine;
  /** Makes the host slow to check the request's VM, until called again with false. */
  slowCheck(on: boolean): void;
  /** Sends it; resolves with its answer. */
  ask(): Promise<unknown>;
  task(): Promise<PowerTask | undefined>;
  /** The host began to do it. */
  wasDone(): boolean;
}

export interface Moment {
  readonly name: string;
  /** Sends the request; resolves when it is time to die. */
  reach(scene: Scene): Promise<void>;
}

const patience = { withinMs: 20_000 };

const shows = (scene: Scene, isIt: (task: PowerTask) => boolean): Promise<true> =>
  until(async () => {
    const task = await scene.task();
    return task !== undefined && (isIt(task) || task.finishedAt !== null) ? true : undefined;
  }, patience);

const isSent = async (scene: Scene): Promise<void> => {
  await scene.ask();
  await shows(scene, ({ sentAt }) => sentAt !== null);
};

const isDone = async (scene: Scene): Promise<void> => {
  await isSent(scene);
  await until(() => scene.wasDone(), patience).catch(() => undefined);
};

/** The first seven are the steps of a task, in order. */
export const moments: readonly Moment[] = [
  {
    name: "before it is recorded",
    async reach(scene) {
      void scene.ask();
      await delay(scene.random.between(0, 4));
    },
  },
  {
    name: "once it is recorded",
    async reach(scene) {
      await scene.ask();
    },
  },
  { name: "once it is marked as sent", reach: isSent },
  {
    name: "while the host checks the VM",
    async reach(scene) {
      await isSent(scene);
      await delay(scene.random.between(20, 120));
    },
  },
  {
    name: "after the act, before its receipt",
    async reach(scene) {
      await isSent(scene);
      await delay(50);
      scene.line.mute(true);
      await until(() => scene.wasDone(), patience).catch(() => undefined);
    },
  },
  {
    name: "while it is watched",
    async reach(scene) {
      await isDone(scene);
      await delay(scene.random.between(100, 800));
    },
  },
  {
    name: "before its end is saved",
    async reach(scene) {
      await isDone(scene);
      await delay(scene.random.between(900, 1_700));
    },
  },
  {
    name: "as soon as its end is told",
    async reach(scene) {
      await isSent(scene);
      await until(async () => (await scene.task())?.finishedAt ?? undefined, { withinMs: 20_000 });
    },
  },
  {
    name: "at any time",
    async reach(scene) {
      void scene.ask();
      await delay(scene.random.between(0, 3_000));
    },
  },
  {
    name: "while the host checks the VM, for longer than the next server needs to ask",
    async reach(scene) {
      scene.slowCheck(true);
      await isSent(scene);
      await delay(200);
      scene.slowCheck(false);
    },
  },
];
