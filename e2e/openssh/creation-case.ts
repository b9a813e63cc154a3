/** Creations on a false host: what is ordered, and steps run to their end. */
import type {
  CreationAct,
  CreationOrder,
  CreationSight,
  CreationStep,
  VmBlueprint,
} from "../../server/esxi/creation.ts";
import { until } from "../harness/until.ts";
import { datastoreMount } from "./esxi-texts.ts";
import { type FalseHost, startFalseHost } from "./false-host.ts";
import { batchOf } from "./step-batch.ts";

/** A host without VMs, with a datastore to make them on; its steps wait no longer than tests need. */
export async function startCreationHost(): Promise<{ readonly host: FalseHost; readonly mount: string }> {
  const host = await startFalseHost([]);
  const mount = await host.world.openDatastore();
  await host.world.setTrait("sleeps-briefly", true);
  return { host, mount };
}

let orders = 0;
let acts = 0;

export function orderOf(name: string, blueprint: Partial<VmBlueprint> = {}): CreationOrder {
  orders += 1;
  return {
    jobId: `job-${process.pid}-${orders}`,
    mountPoint: datastoreMount,
    blueprint: {
      name,
      numCpu: 2,
      memorySizeMb: 2048,
      diskSizeGb: 40,
      guestId: "debian12_64Guest",
      hardwareVersion: 20,
      firmware: "EFI",
      diskController: "pvscsi",
      ethernetCard: "vmxnet3",
      portGroup: "VM Network",
      isoPath: `${datastoreMount}/iso/debian-12.iso`,
      comment: "",
      ...blueprint,
    },
  };
}

/** For undo the careful form: it may be registered. */
export function actOf(step: CreationStep, mayBeRegistered = step === "register" || step === "undo"): CreationAct {
  acts += 1;
  return { step, actId: `step-${process.pid}-${acts}`, mayBeRegistered };
}

export const makingSteps = ["claim", "disk", "configure", "register", "finish"] as const satisfies CreationStep[];

/** Begins a step, and looks until it has ended. */
export async function runStep(
  host: FalseHost,
  order: CreationOrder,
  step: CreationStep | CreationAct,
): Promise<CreationSight> {
  const act = typeof step === "string" ? actOf(step) : step;
  const sight = await host.driver.creation.begin(order, act, {});
  return sight.act.state === "ended" ? sight : lookAtEnd(host, order, act.actId);
}

/** Has the steps run, each to its end, by one run on the host; all of them must succeed. */
export async function runSteps(
  host: FalseHost,
  order: CreationOrder,
  steps: readonly CreationStep[],
): Promise<CreationSight> {
  const acts = steps.map((step) => actOf(step));
  const batch = batchOf([{ order, acts }]);
  const [sights = []] = batch.read(await host.run(batch.text));
  for (const [index, { act }] of sights.entries()) {
    // A disk may be looked at before its step has ended.
    const isWell = act.exit === "done" || (act.exit === null && steps[index] === "disk");
    if (!isWell) throw new Error(`The step ${steps[index]} ended as ${JSON.stringify(act)}.`);
  }
  return sights.at(-1) ?? host.driver.creation.look(order, undefined, {});
}

/** `vmkfstools -c`: the first words of a call, joined by blanks. */
export async function untilCalled({ world }: FalseHost, words: string): Promise<void> {
  await until(async () => (await world.calls()).some(({ argv }) => argv.join(" ").startsWith(words)), { what: words });
}

export function lookAtEnd({ driver }: FalseHost, order: CreationOrder, actId: string): Promise<CreationSight> {
  return until(
    async () => {
      const sight = await driver.creation.look(order, actId, {});
      return sight.act.state === "ended" && sight;
    },
    { what: `the end of the step ${actId}` },
  );
}
