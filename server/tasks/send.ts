/** One act on a VM, from the word "sent" to its verdict: recorded, sent once and never again, then watched. */
import { timestampOf } from "../clock.ts";
import { type ErrorCode, toAppError } from "../errors.ts";
import type { ActReceipt, NodeDriver } from "../esxi/driver.ts";
import type { TaskError } from "../model.ts";
import { type Act, type ActRoom, actSteps, driverOf, isDriver, makeKnown } from "./act.ts";
import { failed } from "./settlement.ts";
import { settleUnanswered } from "./unanswered.ts";
import type { Settlement, TaskHandle } from "./use-case.ts";
import { watchAct } from "./watch.ts";
import { type Before, beforeOf, beginHistory } from "./watch-history.ts";

export async function sendAct(act: Act, handle: TaskHandle, room: ActRoom): Promise<Settlement> {
  const driver = driverOf(act.node, room);
  if (!isDriver(driver)) return failed(driver.code, `${driver.message} Nothing was sent.`);
  handle.step((act.steps ?? actSteps).send);
  const outage = await outageOf(act, { driver, handle, room });
  if (outage !== undefined) return failed(outage.code, `${outage.message} Nothing was sent.`);

  await handle.markSent({ ...act.aim });
  const sentAtMs = room.clock.now();
  const untilMs = sentAtMs + act.deadlineMs;
  const reply = await replyOf(act, { driver, handle, room });
  if ("code" in reply) {
    if (certainlyNotBegun.includes(reply.code)) return failed(reply.code, `${reply.message} Nothing was done.`);
    room.log.warn(
      { taskId: handle.task.id, node: act.node, code: reply.code },
      "The reply to a command was lost; its host is asked what became of it.",
    );
    return settleUnanswered(act, { reason: reply, sentAtMs }, { handle, room, untilMs });
  }

  handle.output(reply.hostOutput);
  const settlement = act.judgeReceipt(reply);
  if (settlement !== undefined) {
    await makeReceiptKnown(act, reply, room);
    return settlement;
  }
  handle.command(reply.commands);
  const before = await freshBefore(act, reply, { handle, room });
  return watchAct(act, beginHistory(before, sentAtMs), { handle, room, untilMs });
}

/** After a restart nothing is known but what is on record, so the host is asked, for `atLeastMs` from now. */
export function recoverAct(
  act: Act,
  atLeastMs: number,
  { handle, room }: Pick<Sending, "handle" | "room">,
): Promise<Settlement> {
  const { sentAt, createdAt } = handle.task;
  const sentAtMs = Date.parse(sentAt ?? createdAt);
  const untilMs = Math.max(sentAtMs + act.deadlineMs, room.clock.now() + atLeastMs);
  return settleUnanswered(act, { reason: null, sentAtMs }, { handle, room, untilMs });
}

interface Sending {
  readonly driver: NodeDriver;
  readonly handle: TaskHandle;
  readonly room: ActRoom;
}

interface KnownError extends TaskError {
  readonly code: ErrorCode;
}

/**
 * A node that was not well lately is asked for a look first: an outage then ends the task as FAILED with nothing sent,
 * rather than as UNKNOWN.
 */
async function outageOf(act: Act, { driver, handle, room }: Sending): Promise<KnownError | undefined> {
  if (room.inventory.node(act.node)?.status === "ONLINE") return undefined;
  try {
    await driver.look(act.request, { signal: handle.signal });
    return undefined;
  } catch (thrown) {
    handle.signal.throwIfAborted();
    return toAppError(thrown);
  }
}

async function replyOf(act: Act, { driver, handle }: Sending): Promise<ActReceipt | KnownError> {
  try {
    return await driver.act(act.request, { signal: handle.signal });
  } catch (thrown) {
    handle.signal.throwIfAborted();
    const { code, message } = toAppError(thrown);
    return { code, message };
  }
}

/** Thrown before a byte of the command leaves the server (see Shell.run), or by the host before anything was begun. */
const certainlyNotBegun: readonly ErrorCode[] = [
  "AUTH_FAILED",
  "HOST_KEY_UNKNOWN",
  "HOST_KEY_MISMATCH",
  "HOST_BUSY",
  "CONFLICT",
  "INVALID_INPUT",
  "OUT_OF_SPACE",
];

async function makeReceiptKnown(act: Act, receipt: ActReceipt, room: ActRoom): Promise<void> {
  // Under a changed identity the summary is another VM's.
  if (receipt.summary === null || (receipt.outcome === "refused" && receipt.reason === "identity")) return;
  const at = timestampOf(room.clock.now());
  await makeKnown(act, { vmid: act.request.vm.vmid, at, summary: receipt.summary }, room);
}

/** The VM as the host found it in the moment of the act, kept for a judge after a restart. */
async function freshBefore(act: Act, receipt: ActReceipt, { handle, room }: Omit<Sending, "driver">): Promise<Before> {
  if (receipt.outcome !== "started" || receipt.summary === null) return act.aim.before;
  const before = beforeOf(receipt.summary);
  await handle.remember({ before }).catch((error: unknown) => {
    handle.stopping.throwIfAborted();
    room.log.warn({ taskId: handle.task.id, error }, "What a host said before an act could not be recorded.");
  });
  return before;
}
