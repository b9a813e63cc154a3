/** `vim-cmd hostsvc/hostsummary`: the host's size and load. */
import type { HostHardware } from "../../model.ts";
import type { HostUsage } from "../driver.ts";
import { countAt, type DumpObject, textAt } from "./dump-value.ts";
import { findFault } from "./fault.ts";
import { hostdTrouble } from "./hostd-trouble.ts";
import type { Parsed } from "./parsed.ts";
import { parseDump } from "./typed-dump.ts";

const bytesPerMib = 1024 * 1024;

/** Hardware is `undefined` unless all of its numbers are there. Never throws. */
export function parseHostSummary(text: string): Parsed<HostUsage> {
  const summary = hostSummaryIn(text);
  if ("failed" in summary) return summary;
  const memoryMib = countAt(summary.ok, "quickStats", "overallMemoryUsage");
  return {
    ok: {
      hardware: hardwareOf(summary.ok),
      cpuUsageMhz: countAt(summary.ok, "quickStats", "overallCpuUsage") ?? undefined,
      memoryUsageBytes: memoryMib === null ? undefined : memoryMib * bytesPerMib,
    },
  };
}

/** Seconds since the host was started; null where it does not say. Never throws. */
export function parseHostUptime(text: string): Parsed<number | null> {
  const summary = hostSummaryIn(text);
  return "failed" in summary ? summary : { ok: countAt(summary.ok, "quickStats", "uptime") };
}

function hostSummaryIn(text: string): Parsed<DumpObject> {
  const dump = parseDump(text);
  if ("failed" in dump) return { failed: findFault(text)?.message ?? hostdTrouble(text) ?? dump.failed };
  if (dump.ok.kind === "object" && dump.ok.type === "vim.host.Summary") return { ok: dump.ok };
  return { failed: findFault(text)?.message ?? `not a host's summary but ${dump.ok.type}` };
}

function hardwareOf(summary: DumpObject): HostHardware | undefined {
  const number = (name: string): number | null => countAt(summary, "hardware", name);
  const cpuPackages = number("numCpuPkgs");
  const cpuCores = number("numCpuCores");
  const cpuThreads = number("numCpuThreads");
  const cpuMhz = number("cpuMhz");
  const memoryBytes = number("memorySize");
  if (cpuPackages === null || cpuCores === null || cpuThreads === null || cpuMhz === null || memoryBytes === null) {
    return undefined;
  }
  // Padded with blanks, also inside.
  const cpuModel = textAt(summary, "hardware", "cpuModel")?.replaceAll(/\s+/g, " ").trim() || null;
  return { cpuModel, cpuPackages, cpuCores, cpuThreads, cpuMhz, memoryBytes };
}
