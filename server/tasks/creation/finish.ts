/** A VM that is made: taken into the inventory, handed over, switched on if that was asked for, and reported as it is. */
import type { CreationSight } from "../../esxi/creation.ts";
import type { VmSummary } from "../../esxi/driver.ts";
import type { VmId } from "../../model.ts";
import type { Act, Aim } from "../act.ts";
import { powerAct } from "../power.ts";
import { recoverAct, sendAct } from "../send.ts";
import { failed, succeeded } from "../settlement.ts";
import type { Settlement } from "../use-case.ts";
import { beforeOf } from "../watch-history.ts";
import { differencesOf } from "./compare.ts";
import { actIdOf, inputOf } from "./journal.ts";
import { noDoubt, waitBecause } from "./wait.ts";
import { progressAt, stepNames, subject } from "./words.ts";
import type { Work } from "./work.ts";

/** From here on it is never taken back, unless it was cancelled before. */
export async function keepMade(sight: CreationSight, work: Work): Promise<void> {
  const { handle } = work;
  handle.step(stepNames.compare);
  handle.progress(progressAt.compare);
  await takeIn(sight, work);
  const summary = summaryIn(sight);
  const differences = summary === null ? [] : differencesOf(work.order.blueprint, summary);
  handle.detail(differences.length === 0 ? "It is what was asked for." : `It differs: ${differences.join("; ")}.`);
  handle.seal();
  if (work.cancelledBy === undefined) await work.note({ aim: "kept" });
}

/** The end, or what must be looked at again. */
export async function endMade(sight: CreationSight, work: Work): Promise<Settlement | undefined> {
  const { reason } = work.journal;
  work.handle.seal();
  if (reason !== null) {
    const kept = "The VM runs or has run, so it was not taken back: it is there, and its files are left alone.";
    return failed("CONFLICT", `${reason.message} ${kept}`);
  }
  if (sight.vmids?.length === 0) {
    return failed(
      "CONFLICT",
      `${subject(work.creation)} was created, but it was unregistered or removed on the host since.`,
    );
  }
  const id = await takeIn(sight, work);
  if (!inputOf(work.handle.task).powerOn) return succeeded(created(sight, work));
  if (id === undefined) {
    await waitBecause(`${subject(work.creation)} was created, but can't be read, so it is not switched on yet`, work);
    return undefined;
  }
  noDoubt(work);
  return switchOn({ id, summary: summaryIn(sight), sight }, work);
}

/** Makes it known to all; undefined where it can't be read, or the node is not crawled any more. */
async function takeIn({ read }: CreationSight, work: Work): Promise<VmId | undefined> {
  if (read?.outcome !== "read") return undefined;
  const { handle, room, order } = work;
  const { path } = work.driver().creation.plan(order).vmx;
  try {
    const id = await room.crawler.observeNewVm(handle.task.node, { path, read });
    if (id !== undefined) handle.about(id);
    return id;
  } catch (error) {
    room.log.warn({ taskId: handle.task.id, error }, "A new VM could not be recorded; the next scan finds it.");
    return undefined;
  }
}

interface Made {
  readonly id: VmId;
  readonly summary: VmSummary | null;
  readonly sight: CreationSight;
}

async function switchOn({ id, summary, sight }: Made, work: Work): Promise<Settlement> {
  const { handle, room, deadlines, journal } = work;
  handle.step(stepNames.power);
  handle.progress(progressAt.power);
  const wasSent = journal.power !== null && (await wasBegun(journal.power.actId, work));
  const aim = journal.power?.aim ?? aimAt(sight, summary, work);
  if (wasSent) {
    return told(await recoverAct(actOf(id, aim, work), deadlines.afterRestart, { handle, room }), sight, work);
  }
  const sent = journal.sent + 1;
  await work.note({ sent, power: { actId: actIdOf(handle.task.id, sent), aim } });
  return told(await sendAct(actOf(id, aim, work), handle, room), sight, work);
}

/** After a restart of the server: a power-on that never began is sent anew. */
async function wasBegun(actId: string, work: Work): Promise<boolean> {
  const { sentAt, createdAt } = work.handle.task;
  return (await work.driver().fence({ actId, sentAt: sentAt ?? createdAt }, { signal: work.signal })) === "begun";
}

function actOf(vmId: VmId, aim: Aim, { handle, deadlines, journal }: Work): Act {
  const asked = { vmId, action: "ON", expectedPowerState: null } as const;
  const act = powerAct({ task: handle.task, asked, aim, deadlineMs: deadlines.power.ON });
  const steps = { send: stepNames.power, watch: stepNames.power };
  return { ...act, steps, request: { ...act.request, actId: journal.power?.actId ?? act.request.actId } };
}

function aimAt({ vmids }: CreationSight, summary: VmSummary | null, work: Work): Aim {
  const { order } = work;
  const { path } = work.driver().creation.plan(order).vmx;
  const vm = {
    vmid: vmids?.[0] ?? 0,
    path,
    datastorePath: summary?.datastorePath ?? null,
    uuid: summary?.uuid ?? null,
  };
  const before =
    summary === null ? ({ powerState: "OFF", bootTime: null, uptimeSeconds: null } as const) : beforeOf(summary);
  return { vm, name: order.blueprint.name, before };
}

function told(power: Settlement, sight: CreationSight, work: Work): Settlement {
  const { state, result, error } = power;
  if (state === "SUCCEEDED") return succeeded(`${created(sight, work)} It is powered on.`);
  const message = `${created(sight, work)} But it was not seen to be switched on: ${result}`;
  return { state, result: message, error: error === null ? null : { ...error, message } };
}

function created(sight: CreationSight, { creation, order }: Work): string {
  const summary = summaryIn(sight);
  const differences = summary === null ? [] : differencesOf(order.blueprint, summary);
  const vmid = sight.vmids?.[0] === undefined ? "" : ` with vmid ${sight.vmids[0]}`;
  const but = differences.length === 0 ? "" : ` It differs from what was asked for: ${differences.join("; ")}.`;
  return `${subject(creation)} was created${vmid}.${but}`;
}

function summaryIn({ read }: CreationSight): VmSummary | null {
  return read?.outcome === "read" ? read.summary : null;
}
