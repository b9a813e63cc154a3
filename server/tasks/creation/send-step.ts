/** One step of a creation: written down, then sent, once and never again. */
import { timestampOf } from "../../clock.ts";
import { toAppError } from "../../errors.ts";
import type { CreationSight, CreationStep } from "../../esxi/creation.ts";
import { actIdOf } from "./journal.ts";
import { progressAt, stepNames } from "./words.ts";
import type { Work } from "./work.ts";

/** What is there afterwards; undefined where the answer was lost. @throws the signal's reason */
export async function sendStep(
  step: CreationStep,
  sight: CreationSight,
  work: Work,
): Promise<CreationSight | undefined> {
  const { handle, order, room } = work;
  const { creation } = work.driver();
  const sent = work.journal.sent + 1;
  const actId = actIdOf(handle.task.id, sent);
  const mayBeRegistered = work.journal.mayBeRegistered || step === "register";
  const lines = step === "undo" ? creation.planUndo(order, sight) : creation.plan(order).lines[step];
  handle.step(stepNames[step]);
  handle.progress(progressAt[step]);
  await work.note({ sent, pending: { step, actId, sentAt: timestampOf(room.clock.now()) }, mayBeRegistered });
  handle.command(lines);
  try {
    const seen = await creation.begin(order, { step, actId, mayBeRegistered }, { signal: work.signal });
    work.begun.add(actId);
    showDisk(seen, work);
    return seen;
  } catch (thrown) {
    work.signal.throwIfAborted();
    const { code } = toAppError(thrown);
    room.log.warn(
      { taskId: handle.task.id, node: handle.task.node, step, code },
      "The answer to a step of a creation was lost; its host is asked what became of it.",
    );
    return undefined;
  }
}

/** What vmkfstools told of the disk so far. */
export function showDisk({ act: { percent } }: CreationSight, { journal, handle }: Work): void {
  if (percent === null || journal.pending?.step !== "disk") return;
  handle.progress(progressAt.disk + Math.round(((progressAt.configure - progressAt.disk) * percent) / 100));
  handle.detail(`${percent} %`);
}
