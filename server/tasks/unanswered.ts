/**
 * An act whose receipt never came: the line dropped, or the server that waited for it is gone. Before anything else the host
 * is made to say whether it was begun; from then on it can't begin any more.
 */
import { type ErrorCode, toAppError } from "../errors.ts";
import type { Claim } from "../esxi/driver.ts";
import type { TaskError } from "../model.ts";
import { type Act, actSteps, driverOf, isDriver } from "./act.ts";
import { notObserved, unpunctuated } from "./judge.ts";
import { failed } from "./settlement.ts";
import type { Settlement } from "./use-case.ts";
import { pauseBefore, type WatchOptions, watchAct } from "./watch.ts";
import { beginHistory } from "./watch-history.ts";

export interface Unanswered {
  /** Why the receipt did not come; null when the server stopped while it waited for it. */
  readonly reason: (TaskError & { readonly code: ErrorCode }) | null;
  /** ms since 1970. */
  readonly sentAtMs: number;
}

/** @throws the signal's reason when it is aborted: the act is then unfinished */
export async function settleUnanswered(act: Act, lost: Unanswered, options: WatchOptions): Promise<Settlement> {
  const claim = await claimOf(act, lost, options);
  if (claim === "fenced") return neverBegun(act, lost);
  if (claim === "forgotten")
    return notObserved(act.wording, "the host was restarted since, and nothing is left there of earlier commands");
  if (claim !== "begun") return notObserved(act.wording, `the host could not be asked: ${unpunctuated(claim.message)}`);

  const { handle, room } = options;
  const driver = driverOf(act.node, room);
  // The receipt would have told the lines that ran; they are those that were planned.
  if (handle.task.commands.length === 0 && isDriver(driver)) handle.command(driver.plan(act.request));
  return watchAct(act, beginHistory(act.aim.before, lost.sentAtMs), options);
}

/** Asks until the host answers, or until it is too late: then why it did not. */
async function claimOf(
  act: Act,
  { sentAtMs }: Unanswered,
  options: WatchOptions,
): Promise<Claim | { readonly message: string }> {
  const { handle, room, untilMs } = options;
  const request = { actId: act.request.actId, sentAt: new Date(sentAtMs).toISOString() };
  handle.step((act.steps ?? actSteps).send);
  for (let attempt = 0; ; attempt += 1) {
    await pauseBefore(attempt, options);
    const driver = driverOf(act.node, room);
    try {
      if (isDriver(driver)) return await driver.fence(request, { signal: handle.signal });
      if (room.clock.now() >= untilMs) return driver;
    } catch (thrown) {
      handle.signal.throwIfAborted();
      if (room.clock.now() >= untilMs) return toAppError(thrown);
    }
  }
}

function neverBegun({ wording }: Act, { reason }: Unanswered): Settlement {
  const certain = "The host did not begin it and won't any more: nothing was done. You can ask for it again.";
  if (reason !== null)
    return failed(reason.code, `The command to ${wording.deed} got lost: ${unpunctuated(reason.message)}. ${certain}`);
  return failed("SHUTTING_DOWN", `The server stopped while it sent the command to ${wording.deed}. ${certain}`);
}
