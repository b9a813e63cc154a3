/** The summaries of a scan or of a targeted read: sections `vm.VMID.SECOND`, the second by the host's clock. */
import { timestampOf } from "../../clock.ts";
import type { VmRead } from "../driver.ts";
import { excerpt } from "../parse/parsed.ts";
import type { Section } from "../parse/sections.ts";
import { parseSummary, type SummaryReading } from "../parse/summary.ts";

export interface ReadingClock {
  /** When the script was started, by our clock in ms. */
  readonly startedAt: number;
  /** When all of its output had come. */
  readonly endedAt: number;
  /** The host's clock in seconds when the script began; undefined when it could not be read. */
  readonly hostClock: number | undefined;
}

export function readSummaries(sections: ReadonlyMap<string, Section>, clock: ReadingClock): readonly VmRead[] {
  const reads: VmRead[] = [];
  for (const [name, section] of sections) {
    const found = /^vm\.(\d{1,10})\.(\d{1,12})$/.exec(name);
    if (found === null) continue;
    reads.push(readSummary(Number(found[1]), section, timestampOf(whenRead(Number(found[2]), clock))));
  }
  return reads;
}

/** A summary that names another vmid than the one asked for says nothing about it. */
export function readSummary(vmid: number, section: Section, at: string): VmRead {
  const reading = summaryIn(section);
  if ("gone" in reading) return { vmid, at, outcome: "gone", message: reading.gone };
  if ("failed" in reading) return { vmid, at, outcome: "failed", message: reading.failed };
  if (reading.ok.vmid === null || reading.ok.vmid === vmid) return { vmid, at, outcome: "read", summary: reading.ok };
  return { vmid, at, outcome: "failed", message: `The host answered with the summary of vmid ${reading.ok.vmid}.` };
}

export function summaryIn({ text, exitCode }: Section): SummaryReading {
  const reading = parseSummary(text);
  if (exitCode === 0 || !("ok" in reading)) return reading;
  return { failed: `vim-cmd ended with exit code ${exitCode}: ${excerpt(text)}` };
}

/**
 * Never later than the truth: the host counts whole seconds from its own start of the script, which is after ours.
 * A clock that was set in mid-script, or garbled, must not date a reading into the future (what is read after it would
 * pass for older) or before the script.
 */
function whenRead(second: number, { startedAt, endedAt, hostClock }: ReadingClock): number {
  if (hostClock === undefined) return startedAt;
  const passed = (second - hostClock - 1) * 1000;
  return Math.max(startedAt, Math.min(startedAt + passed, endedAt));
}
