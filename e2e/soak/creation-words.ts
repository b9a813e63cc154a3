/** Generated orders that try to be something else, made on a false host, and orders that must never reach one. */
import assert from "node:assert/strict";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { isAppError } from "../../server/errors.ts";
import type { CreationOrder, CreationSight } from "../../server/esxi/creation.ts";
import { createEsxiCreation } from "../../server/esxi/esxi-creation.ts";
import { createRandom, type Random } from "../../simulator/random.ts";
import { actOf, makingSteps } from "../openssh/creation-case.ts";
import { type FalseHost, startFalseHost } from "../openssh/false-host.ts";
import { batchOf } from "../openssh/step-batch.ts";
import { readTree } from "../openssh/tree.ts";
import { readVmx } from "../openssh/vmx-reader.ts";
import { drawOrder } from "./creation-words/draw-order.ts";
import { expectedVmx } from "./creation-words/expected-vmx.ts";
import { spoiled } from "./creation-words/spoil-order.ts";
import type { Figures, Scenario, ScenarioOptions } from "./scenario.ts";

export const creationWords: Scenario = {
  name: "creation-words",
  about:
    "generated hostile names, notes and paths make exactly the VM that was asked for, under OpenSSH with busybox ash",
  rounds: 10_000,
  run,
};

const batchSize = 50;
/** All but handing over: the mark is looked at too. */
const steps = makingSteps.slice(0, -1);

/** A round is an order that is allowed, and one that is not. */
async function run({ seed, rounds, onProgress = () => undefined }: ScenarioOptions): Promise<Figures> {
  const random = createRandom(seed, "creation-words");
  await using closing = new AsyncDisposableStack();
  const host = await startFalseHost([]);
  closing.defer(() => host.close());
  await host.world.setTrait("sleeps-briefly", true);
  const mount = await host.world.openDatastore();
  const totals = { made: 0, refused: 0, bytesOfVmx: 0, calls: 0 };
  for (let from = 0; from < rounds; from += batchSize) {
    const orders = drawBatch(random, Math.min(batchSize, rounds - from), from);
    const told = await makeAll(host, orders);
    totals.bytesOfVmx += await judgeFiles({ host, mount, orders, told });
    totals.calls += await judgeCalls(host, orders, told);
    for (const order of orders) await judgeSpoiled(spoiled(order, random));
    totals.made += orders.length;
    totals.refused += orders.length;
    await clear(host, mount);
    if ((from / batchSize) % 20 === 19) onProgress(`${totals.made} made, ${totals.refused} refused`);
  }
  return totals;
}

/** No name twice. */
function drawBatch(random: Random, count: number, from: number): readonly CreationOrder[] {
  const orders = new Map<string, CreationOrder>();
  while (orders.size < count) {
    const order = drawOrder(random, `job-${from + orders.size}`);
    if (!orders.has(order.blueprint.name)) orders.set(order.blueprint.name, order);
  }
  return [...orders.values()];
}

async function makeAll(host: FalseHost, orders: readonly CreationOrder[]): Promise<readonly CreationSight[]> {
  const batch = batchOf(orders.map((order) => ({ order, acts: steps.map((step) => actOf(step)) })));
  const seen = batch.read(await host.run(batch.text));
  return seen.map((sights, index) => {
    const name = orders[index]?.blueprint.name;
    for (const [at, { act }] of sights.entries()) {
      // What the disk's step left is seen by the next.
      if (steps[at] !== "disk") assert.deepEqual([act.state, act.exit], ["ended", "done"], `${steps[at]} of ${name}`);
    }
    const last = sights.at(-1);
    assert(last !== undefined);
    return last;
  });
}

interface Made {
  readonly host: FalseHost;
  readonly mount: string;
  readonly orders: readonly CreationOrder[];
  readonly told: readonly CreationSight[];
}

/** Answers how many bytes were read. */
async function judgeFiles({ host, mount, orders, told }: Made): Promise<number> {
  let bytes = 0;
  for (const [index, order] of orders.entries()) {
    const { name } = order.blueprint;
    const { text } = host.driver.creation.plan(order).vmx;
    const file = await readFile(join(mount, name, `${name}.vmx`));
    bytes += file.length;
    assert.equal(file.toString("utf8"), text, `the file of ${name}`);
    assert.equal(told[index]?.vmx, text, `what a look shows of ${name}`);
    assert.deepEqual(Object.fromEntries(readVmx(file)), expectedVmx(order.blueprint), `what ${name} says`);
    const written = await readFile(join(mount, name, ".ecoman-job"), "utf8");
    assert.equal(written, markOf(order, told[index]), `the mark of ${name}`);
  }
  const ends = ["-flat.vmdk", ".vmdk", ".vmsd", ".vmx", ".vmxf"];
  const expected = orders.flatMap(({ blueprint: { name } }) => [
    name,
    `${name}/.ecoman-job`,
    ...ends.map((end) => `${name}/${name}${end}`),
  ]);
  assert.deepEqual(Object.keys(await readTree(mount)).toSorted(), expected.toSorted(), "all files on the datastore");
  const strangers = (await readdir(join(host.world.root, "tmp"))).filter((name) => !name.startsWith("ecoman-step-"));
  assert.deepEqual(strangers, [], "what lies under /tmp besides");
  return bytes;
}

function markOf({ jobId, blueprint: { name } }: CreationOrder, sight: CreationSight | undefined): string {
  const files = [`${name}.vmdk`, `${name}.vmx`].flatMap((file) => [`made ${file}`, `whole ${file}`]);
  const beside = [`${name}.vmsd`, `${name}.vmxf`].map((file) => `made ${file}`);
  return [`job ${jobId}`, ...files, ...beside, `registered ${sight?.vmids?.join()}`, ""].join("\n");
}

/** Answers how many there were. */
async function judgeCalls(host: FalseHost, orders: readonly CreationOrder[], told: readonly CreationSight[]) {
  const expected = orders.flatMap(({ mountPoint, blueprint: { name, diskSizeGb } }, index) => {
    const path = `${mountPoint}/${name}/${name}`;
    return [
      ["vmkfstools", "-c", `${diskSizeGb}G`, "-d", "thin", `${path}.vmdk`],
      ["vim-cmd", "solo/registervm", `${path}.vmx`, name],
      ["vim-cmd", "vmsvc/get.summary", `${told[index]?.vmids?.join()}`],
    ];
  });
  const sorted = (calls: readonly (readonly string[])[]) => calls.map((words) => words.join("\0")).toSorted();
  const calls = await host.newCalls();
  assert.deepEqual(sorted(calls), sorted(expected), "the words of all calls");
  return calls.length;
}

/** Neither a plan nor a step is made of it. */
async function judgeSpoiled(order: CreationOrder): Promise<void> {
  const creation = createEsxiCreation(() => {
    throw new Error("It was sent to the host.");
  });
  const tries = [
    async () => creation.plan(order),
    ...steps.map((step) => () => creation.begin(order, actOf(step), {})),
  ];
  for (const attempt of tries) {
    await assert.rejects(attempt, (error) => isAppError(error, "INVALID_INPUT"), JSON.stringify(order));
  }
}

async function clear(host: FalseHost, mount: string): Promise<void> {
  for (const folder of [mount, join(host.world.root, "tmp")]) {
    await rm(folder, { recursive: true });
    await mkdir(folder);
  }
  await host.world.setVms([]);
}
