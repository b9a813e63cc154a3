/** A complete scan of one node, as a person asks for it. It changes nothing on the host, so it needs no recovery. */
import type { Crawler } from "../crawler/crawler.ts";
import { toAppError, type UserError } from "../errors.ts";
import type { NodeName } from "../model.ts";
import { type ActRoom, driverOf, isDriver } from "./act.ts";
import { failed, succeeded } from "./settlement.ts";
import type { Checked, UseCase } from "./use-case.ts";

export interface RefreshAsked {
  readonly name: NodeName;
}

export interface RefreshRoom extends Pick<ActRoom, "fleet"> {
  readonly crawler: Pick<Crawler, "refresh">;
}

export function createRefreshUseCase(room: RefreshRoom): UseCase {
  function check({ name }: RefreshAsked): Checked {
    const driver = driverOf(name, room);
    const userErrors: readonly UserError[] = isDriver(driver) ? [] : [{ ...driver, path: ["name"] }];
    return { plan: { node: name, vmId: null, facts: {}, commands: () => [] }, userErrors };
  }

  return {
    kind: "REFRESH_NODE",
    steps: ["Scan the node"],
    lane: null,
    cancellation: "before-sent",
    check: async (asked) => check(asked as unknown as RefreshAsked),
    async run(handle) {
      const { node } = handle.task;
      handle.step("Scan the node");
      try {
        await unlessAborted(room.crawler.refresh(node), handle.signal);
        return succeeded(`Node ${node} was scanned.`);
      } catch (thrown) {
        handle.signal.throwIfAborted();
        const { code, message } = toAppError(thrown);
        return failed(code, message);
      }
    },
    recover: () => Promise.resolve(succeeded("The node is scanned at every start of the server.")),
  };
}

/** The scan itself goes on: it is nobody's harm, and others may wait for it. */
function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  return Promise.race([work, aborted]);
}
