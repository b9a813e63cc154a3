/** What has been seen since a command was sent, folded look by look: all that a judge needs, as a value. */
import type { ActReport, VmSummary } from "../esxi/driver.ts";
import type { PowerState, TaskError, Timestamp } from "../model.ts";

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
  /** The host is known to have started the command. */
  readonly wasStarted: boolean;
  /** Why the reply to the command did not come; null when it came, or nothing is known of it. */
  readonly sendError: TaskError | null;
  /** The last look that reached the host. */
  readonly report: ActReport | null;
  /** The last summary that could be read. */
  readonly summary: VmSummary | null;
  /** Why the last look failed; null when it reached the host. */
  readonly lookError: string | null;
  /** Looks since the command is seen to have ended. */
  readonly endedLooks: number;
  /** Looks in a row that saw nothing of the command, and since when. */
  readonly absentLooks: number;
  readonly absentSinceMs: number | null;
  /** Since when the host answers, but the VM's summary can't be read. */
  readonly unreadableSinceMs: number | null;
}

export function beginHistory(
  start: Pick<WatchHistory, "before" | "sentAtMs" | "wasStarted" | "sendError">,
): WatchHistory {
  const nothingSeen = { report: null, summary: null, lookError: null, endedLooks: 0, absentLooks: 0 } as const;
  return { ...start, ...nothingSeen, absentSinceMs: null, unreadableSinceMs: null };
}

export function withReport(history: WatchHistory, report: ActReport): WatchHistory {
  const atMs = Date.parse(report.at);
  const isAbsent = report.command === "absent";
  return {
    ...history,
    wasStarted: history.wasStarted || !isAbsent,
    report,
    summary: report.summary ?? history.summary,
    lookError: null,
    endedLooks: report.command === "ended" ? history.endedLooks + 1 : 0,
    absentLooks: isAbsent ? history.absentLooks + 1 : 0,
    absentSinceMs: isAbsent ? (history.absentSinceMs ?? atMs) : null,
    unreadableSinceMs: report.summary === null ? (history.unreadableSinceMs ?? atMs) : null,
  };
}

export function withFailedLook(history: WatchHistory, reason: string): WatchHistory {
  return { ...history, lookError: reason };
}

export function beforeOf(vm: Before): Before {
  return { powerState: vm.powerState, uptimeSeconds: vm.uptimeSeconds, bootTime: vm.bootTime };
}
