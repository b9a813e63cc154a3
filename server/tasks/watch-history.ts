/** What has been seen of a command that was begun, folded look by look: all that a judge needs, as a value. */
import type { ActReport, VmSummary } from "../esxi/driver.ts";
import type { PowerState, Timestamp } from "../model.ts";

/** The VM as it was before the command was sent. */
export interface Before {
  readonly powerState: PowerState;
  readonly uptimeSeconds: number | null;
  readonly bootTime: Timestamp | null;
}

export interface WatchHistory {
  readonly before: Before;
  /** ms since 1970, by our clock. */
  readonly sentAtMs: number;
  /** The last look that reached the host. */
  readonly report: ActReport | null;
  /** The last summary that could be read. */
  readonly summary: VmSummary | null;
  /** Why the last look failed; null when it reached the host. */
  readonly lookError: string | null;
  /** Looks since the command is seen to have ended. */
  readonly endedLooks: number;
  /** Since when the host answers, but the VM's summary can't be read. */
  readonly unreadableSinceMs: number | null;
}

export function beginHistory(before: Before, sentAtMs: number): WatchHistory {
  return { before, sentAtMs, report: null, summary: null, lookError: null, endedLooks: 0, unreadableSinceMs: null };
}

export function withReport(history: WatchHistory, report: ActReport): WatchHistory {
  return {
    ...history,
    report,
    summary: report.summary ?? history.summary,
    lookError: null,
    endedLooks: report.command === "ended" ? history.endedLooks + 1 : 0,
    unreadableSinceMs: report.summary === null ? (history.unreadableSinceMs ?? Date.parse(report.at)) : null,
  };
}

export function withFailedLook(history: WatchHistory, reason: string): WatchHistory {
  return { ...history, lookError: reason };
}

export function beforeOf(vm: Before): Before {
  return { powerState: vm.powerState, uptimeSeconds: vm.uptimeSeconds, bootTime: vm.bootTime };
}
