/** `vim-cmd vmsvc/get.summary ID`. */
import type { ConnectionState, OverallStatus, PowerState, Timestamp } from "../../model.ts";
import type { VmSummary } from "../driver.ts";
import { countAt, type DumpObject, isReference, textAt, valueAt } from "./dump-value.ts";
import { parseFault } from "./fault.ts";
import { hostdTrouble } from "./hostd-trouble.ts";
import { excerpt } from "./parsed.ts";
import { questionOf } from "./question.ts";
import { hasAllFields, isDate, strangeField } from "./summary-fields.ts";
import { parseDump } from "./typed-dump.ts";

export type SummaryReading =
  | { readonly ok: VmSummary }
  /** The host says that it has no such VM (vim.fault.NotFound), in these words. */
  | { readonly gone: string }
  | { readonly failed: string };

const freeText: ReadonlyMap<string, string | undefined> = new Map([
  ["runtime.question.text", undefined],
  ["guest.guestFullName", "toolsStatus"],
  ["guest.hostName", "ipAddress"],
  ["config.name", "template"],
  ["config.annotation", "product"],
]);

/**
 * Only a whole `vim.vm.Summary` is `ok`: closed, with nothing behind it, and with every field this server reads, each of
 * the kind it must be. Never throws.
 */
export function parseSummary(text: string): SummaryReading {
  const dump = parseDump(text, { freeText, accept: hasAllFields });
  if ("ok" in dump && dump.ok.kind === "object") {
    const strange = strangeField(dump.ok);
    if (strange === undefined) return { ok: summaryOf(dump.ok) };
    return { failed: `${strange} is nothing that a host says there: ${shown(dump.ok, strange)}` };
  }
  const fault = parseFault(text);
  if (fault?.type === "vim.fault.NotFound") return { gone: fault.message };
  if (fault !== undefined) return { failed: fault.message };
  return { failed: hostdTrouble(text) ?? ("failed" in dump ? dump.failed : excerpt(text)) };
}

function shown(root: DumpObject, path: string): string {
  const value = valueAt(root, ...path.split("."));
  return typeof value === "object" ? "another type" : excerpt(String(value));
}

function summaryOf(root: DumpObject): VmSummary {
  return {
    vmid: vmidOf(root),
    name: textAt(root, "config", "name"),
    datastorePath: textAt(root, "config", "vmPathName"),
    powerState: powerStateOf(textAt(root, "runtime", "powerState")),
    connectionState: connectionStateOf(textAt(root, "runtime", "connectionState")),
    overallStatus: overallStatusOf(textAt(root, "overallStatus")),
    bootTime: timestampOf(textAt(root, "runtime", "bootTime")),
    toolsStatus: textAt(root, "guest", "toolsStatus"),
    toolsRunningStatus: textAt(root, "guest", "toolsRunningStatus"),
    hostname: textAt(root, "guest", "hostName"),
    ipAddress: textAt(root, "guest", "ipAddress"),
    memorySizeMb: countAt(root, "config", "memorySizeMB"),
    numCpu: countAt(root, "config", "numCpu"),
    numEthernetCards: countAt(root, "config", "numEthernetCards"),
    numVirtualDisks: countAt(root, "config", "numVirtualDisks"),
    guestId: textAt(root, "config", "guestId"),
    guestFullName: textAt(root, "config", "guestFullName"),
    uuid: textAt(root, "config", "uuid"),
    instanceUuid: textAt(root, "config", "instanceUuid"),
    hardwareVersion: textAt(root, "config", "hwVersion"),
    consolidationNeeded: flagAt(root, "runtime", "consolidationNeeded"),
    comment: commentOf(root),
    question: questionOf(valueAt(root, "runtime", "question")),
    overallCpuUsageMhz: countAt(root, "quickStats", "overallCpuUsage"),
    guestMemoryUsageMb: countAt(root, "quickStats", "guestMemoryUsage"),
    hostMemoryUsageMb: countAt(root, "quickStats", "hostMemoryUsage"),
    storageCommittedBytes: countAt(root, "storage", "committed"),
    storageUncommittedBytes: countAt(root, "storage", "uncommitted"),
    uptimeSeconds: countAt(root, "quickStats", "uptimeSeconds"),
  };
}

function vmidOf(root: DumpObject): number | null {
  const vm = valueAt(root, "vm");
  if (!isReference(vm) || vm.type !== "vim.VirtualMachine" || !/^\d{1,10}$/.test(vm.id)) return null;
  return Number(vm.id);
}

/** An empty annotation is known to be empty; it is not `null`. */
function commentOf(root: DumpObject): string | null {
  const annotation = valueAt(root, "config", "annotation");
  return typeof annotation === "string" ? annotation : null;
}

function flagAt(root: DumpObject, part: string, name: string): boolean | null {
  const value = valueAt(root, part, name);
  return typeof value === "boolean" ? value : null;
}

const powerStateByWord: ReadonlyMap<string | null, PowerState> = new Map([
  ["poweredOn", "ON"],
  ["poweredOff", "OFF"],
  ["suspended", "SUSPENDED"],
]);

/** `poweredOn` and its like, as dumps and faults print them. */
export function powerStateOf(word: string | null): PowerState {
  return powerStateByWord.get(word) ?? "UNKNOWN";
}

const connectionStateByWord: ReadonlyMap<string | null, ConnectionState> = new Map([
  ["connected", "CONNECTED"],
  ["disconnected", "DISCONNECTED"],
  ["inaccessible", "INACCESSIBLE"],
  ["invalid", "INVALID"],
  ["orphaned", "ORPHANED"],
]);

function connectionStateOf(word: string | null): ConnectionState {
  return connectionStateByWord.get(word) ?? "UNKNOWN";
}

const overallStatusByWord: ReadonlyMap<string | null, OverallStatus> = new Map([
  ["green", "GREEN"],
  ["yellow", "YELLOW"],
  ["red", "RED"],
  ["gray", "GRAY"],
]);

function overallStatusOf(word: string | null): OverallStatus | null {
  return overallStatusByWord.get(word) ?? null;
}

/** A host's date (microseconds, UTC) in ISO 8601 with milliseconds; null for no date, and for 1970: there it means unknown. */
export function timestampOf(date: string | null): Timestamp | null {
  if (date === null || !isDate(date)) return null;
  const time = Date.parse(date);
  return time > 0 ? new Date(time).toISOString() : null;
}
