/** Watches a command that was begun on its host until it can be judged; what is seen of the VM is made known each time. */
import { toAppError } from "../errors.ts";
import type { ActRequest } from "../esxi/driver.ts";
import { type Act, type ActRoom, actSteps, addressOf, driverOf, isDriver, makeKnown } from "./act.ts";
import type { Settlement, TaskHandle } from "./use-case.ts";
import { type WatchHistory, withFailedLook, withReport } from "./watch-history.ts";

export interface WatchOptions {
  readonly handle: TaskHandle;
  readonly room: ActRoom;
  /** When watching ends, in ms since 1970. */
  readonly untilMs: number;
}

/** Pauses before the looks, in ms; the last one repeats. */
const pausesMs = [1000, 1000, 2000, 3000, 5000] as const;

/** @throws the signal's reason when it is aborted: the act is then unfinished */
export async function watchAct(act: Act, start: WatchHistory, options: WatchOptions): Promise<Settlement> {
  const { handle, room, untilMs } = options;
  let history = start;
  handle.step((act.steps ?? actSteps).watch);
  for (let look = 0; ; look += 1) {
    await pauseBefore(look, options);
    history = await lookOnce(act, history, options);
    const verdict = judged(act, history, room.clock.now() >= untilMs);
    if (verdict === undefined) continue;
    handle.output(history.report?.output ?? "");
    return verdict;
  }
}

/** Ends early when watching ends. @throws the signal's reason when it is aborted */
export async function pauseBefore(look: number, { handle, room, untilMs }: WatchOptions): Promise<void> {
  const leftMs = Math.max(untilMs - room.clock.now(), 0);
  await room.clock.sleep(Math.min(pausesMs[look] ?? 5000, leftMs), handle.signal);
  handle.signal.throwIfAborted();
}

function judged(act: Act, history: WatchHistory, isLate: boolean): Settlement | undefined {
  const verdict = history.lookError === null ? act.judge(history) : undefined;
  return verdict ?? (isLate ? act.judgeAtDeadline(history) : undefined);
}

/** Never fails for the host's sake: a look that did not succeed is part of the history. */
async function lookOnce(act: Act, history: WatchHistory, { handle, room }: WatchOptions): Promise<WatchHistory> {
  const driver = driverOf(act.node, room);
  if (!isDriver(driver)) return withFailedLook(history, driver.message);
  const request = addressedAnew(act, room);
  try {
    const report = await driver.look(request, { signal: handle.signal });
    const { at, summary } = report;
    if (summary !== null) await makeKnown(act, { vmid: summary.vmid ?? request.vm.vmid, at, summary }, room);
    return withReport(history, report);
  } catch (thrown) {
    handle.signal.throwIfAborted();
    return withFailedLook(history, toAppError(thrown).message);
  }
}

/** A VM that was re-registered meanwhile is looked for where it is now. */
function addressedAnew({ request, vmId }: Act, { inventory }: ActRoom): ActRequest {
  const vm = inventory.vm(vmId);
  return vm === undefined ? request : { ...request, vm: addressOf(vm) };
}
