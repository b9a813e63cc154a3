/** Histories for a judge, told as a few looks. */
import type { ActReport, VmSummary } from "../../esxi/driver.ts";
import type { PowerState } from "../../model.ts";
import type { Settlement } from "../use-case.ts";
import { type Before, beginHistory, type WatchHistory, withReport } from "../watch-history.ts";
import { fakeVm, summaryOf } from "./fake-vm.ts";

const sentAtMs = Date.parse("2026-05-01T12:00:00.000Z");
const blank = summaryOf(fakeVm("web", 7, sentAtMs), sentAtMs);

/** A look at the VM, at some time after the command was sent. Default: the command runs and has said nothing. */
export interface Look extends Partial<Omit<ActReport, "at" | "summary">> {
  /** Since the command was sent. */
  readonly afterMs: number;
  readonly vm?: Partial<VmSummary> | null;
}

export interface Story {
  /** Default: an ON VM, up for a day. */
  readonly before?: Partial<Before>;
  readonly looks: readonly Look[];
}

/** State and code of the end; undefined: go on watching. */
export type Verdict = readonly [Settlement["state"], string?] | undefined;

export function historyOf({ before, looks }: Story): WatchHistory {
  const known = { powerState: "ON", uptimeSeconds: 86_400, bootTime: null, ...before } as const;
  return looks.reduce((history, look) => withReport(history, reportOf(look)), beginHistory(known, sentAtMs));
}

function reportOf({ afterMs, vm, ...report }: Look): ActReport {
  const at = new Date(sentAtMs + afterMs).toISOString();
  const silent = {
    summaryError: null,
    command: "running",
    exitCode: null,
    output: "",
    failure: null,
    strayed: null,
    hostTask: null,
  } as const;
  return { ...silent, at, summary: vm === null ? null : { ...blank, ...vm }, ...report };
}

export function verdictOf(settlement: Settlement | undefined): Verdict {
  if (settlement === undefined) return undefined;
  return settlement.error === null ? [settlement.state] : [settlement.state, settlement.error.code];
}

export function seen(powerState: PowerState, more: Partial<VmSummary> = {}): { readonly vm: Partial<VmSummary> } {
  return { vm: { powerState, ...more } };
}

export function times(count: number, look: Omit<Look, "afterMs">, everyMs = 2000): readonly Look[] {
  return Array.from({ length: count }, (_, index) => ({ ...look, afterMs: (index + 1) * everyMs }));
}
