/**
 * Carries a creation out: look, decide, write down, act, and again, until there is nothing left to do. After a crash the same
 * loop goes on from what is written down and what is there; nothing is sent twice.
 */
import { toAppError } from "../../errors.ts";
import type { CreationSight } from "../../esxi/creation.ts";
import { failed } from "../settlement.ts";
import type { Settlement } from "../use-case.ts";
import { decide, type Ended, type Next } from "./decide.ts";
import { endMade, keepMade } from "./finish.ts";
import { actIdOf } from "./journal.ts";
import { sendStep, showDisk } from "./send-step.ts";
import { isStalled, noDoubt, waitBecause } from "./wait.ts";
import { stepNames, subject } from "./words.ts";
import type { Work } from "./work.ts";

/** Between looks at a step that is under way, in ms. */
const lookMs = 1000;

export async function carryOut(work: Work): Promise<Settlement> {
  let sight: CreationSight | undefined;
  for (;;) {
    try {
      await undoIfCancelled(work);
      const advanced = await advance(sight ?? (await look(work)), work);
      if (isSettlement(advanced)) return advanced;
      sight = advanced;
    } catch (thrown) {
      const end = await hindered(thrown, work);
      if (end !== undefined) return end;
      sight = undefined;
    }
  }
}

/** One thing is done, or waited for. */
async function advance(sight: CreationSight, work: Work): Promise<CreationSight | undefined | Settlement> {
  if (isUnderWay(sight, work)) {
    await letRun(sight, work);
    return undefined;
  }
  const ended = endOfPending(sight, work);
  const { creation, journal, order, room } = work;
  const { vmx } = work.driver().creation.plan(order);
  const next = decide({ creation, journal, sight, ended, vmx: vmx.text, nowMs: room.clock.now() });
  return follow(next, sight, work);
}

/** Before anything was sent one failure is the end; later it is waited until the host can be asked again. */
async function hindered(thrown: unknown, work: Work): Promise<Settlement | undefined> {
  work.signal.throwIfAborted();
  const { code, message } = toAppError(thrown);
  if (code === "LEASE_LOST") throw thrown;
  if (code === "INTERNAL") {
    if (work.isUnsent) throw thrown;
    work.room.log.error({ taskId: work.handle.task.id, error: thrown }, "A creation was hindered by a fault of ours.");
  }
  if (work.isUnsent) return failed(code, `${message} Nothing was sent to the host.`);
  await waitBecause(message, work);
  return undefined;
}

/** Answers what is there now, undefined where that must be looked at, or the end. */
async function follow(next: Next, sight: CreationSight, work: Work): Promise<CreationSight | undefined | Settlement> {
  // A registration that is tried again while hostd is down tells nothing new, and neither does a VM that is there.
  const isNews = next.kind !== "wait" && next.kind !== "handed-over" && work.journal.hostdDownSinceMs === null;
  if (isNews) noDoubt(work);
  switch (next.kind) {
    case "step":
      return sendStep(next.step, sight, work);
    case "undo":
      await work.note({ aim: "undo", reason: next.reason });
      return sight;
    case "keep":
      await work.note({ aim: "kept", reason: next.reason });
      return sight;
    case "made":
      await keepMade(sight, work);
      return sight;
    case "handed-over":
      return endMade(sight, work);
    case "end":
      return next.settlement;
    case "wait":
      await forgetLastStep(work);
      await waitBecause(next.why, work);
  }
  return undefined;
}

function isSettlement(followed: CreationSight | undefined | Settlement): followed is Settlement {
  return followed !== undefined && "state" in followed;
}

async function look(work: Work): Promise<CreationSight> {
  await settleReceipt(work);
  const sight = await work.driver().creation.look(work.order, work.journal.pending?.actId, { signal: work.signal });
  showDisk(sight, work);
  return sight;
}

/** A step whose answer never came: from here on it was begun, or never will be. */
async function settleReceipt(work: Work): Promise<void> {
  const { pending } = work.journal;
  if (pending === null || work.begun.has(pending.actId)) return;
  const claim = await work.driver().fence(pending, { signal: work.signal });
  if (claim === "begun") work.begun.add(pending.actId);
  else await work.note({ pending: null });
}

/** A step that is tried again and again must not fill the host's /tmp, a small RAM disk. */
async function forgetLastStep(work: Work): Promise<void> {
  const { handle, journal, signal } = work;
  if (journal.pending !== null || journal.sent === 0) return;
  const driver = work.driver();
  await driver.forget([actIdOf(handle.task.id, journal.sent)], { signal }).catch(() => undefined);
}

function isUnderWay({ act }: CreationSight, { journal }: Work): boolean {
  return journal.pending !== null && act.state === "running";
}

async function letRun(sight: CreationSight, work: Work): Promise<void> {
  const { pending } = work.journal;
  if (pending === null || !isStalled(sight.act.output, work)) return work.pause(lookMs);
  await waitBecause(`the step "${stepNames[pending.step]}" runs on the host and says nothing new`, work);
}

/** Null: no step has just ended. A trace that is gone says that the host was restarted: nothing runs there any more. */
function endOfPending({ act, folder }: CreationSight, work: Work): Ended | null {
  const { pending, hadFolder, hostdDownSinceMs } = work.journal;
  if (folder === "ours" && !hadFolder) work.recall({ hadFolder: true });
  if (pending === null) return null;
  work.recall({ pending: null });
  if (act.exit === null) return null;
  work.handle.output(act.output);
  const lacksHostd = pending.step === "register" && act.failure?.code === "HOSTD_DOWN";
  work.recall({ hostdDownSinceMs: lacksHostd ? (hostdDownSinceMs ?? work.room.clock.now()) : null });
  return { step: pending.step, exit: act.exit };
}

async function undoIfCancelled(work: Work): Promise<void> {
  const { journal, cancelledBy, creation } = work;
  if (cancelledBy === undefined || journal.aim !== "make") return;
  const message = `${cancelledBy} cancelled it: ${subject(creation)} was not created.`;
  await work.note({ aim: "undo", reason: { state: "CANCELLED", code: "CANCELLED", message } });
}
