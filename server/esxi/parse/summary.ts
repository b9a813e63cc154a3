/** `vim-cmd vmsvc/get.summary ID`. */
import type { ConnectionState, OverallStatus, PowerState, Timestamp } from "../../model.ts";
import type { VmSummary } from "../driver.ts";
import { countAt, type DumpArray, type DumpObject, isReference, textAt, valueAt } from "./dump-value.ts";
import { parseFault } from "./fault.ts";
import { hostdTrouble } from "./hostd-trouble.ts";
import { excerpt } from "./parsed.ts";
import { questionOf } from "./question.ts";
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
 * Fields that every version from 4.x on prints, set or `<unset>`. One that is missing was lost, or swallowed by a
 * string whose closing quote was lost. `product` is not read; it is what follows the annotation.
 */
const expected: Readonly<Record<string, readonly string[]>> = {
  runtime: ["connectionState", "powerState", "bootTime", "question"],
  guest: ["guestId", "guestFullName", "toolsStatus", "toolsRunningStatus", "hostName", "ipAddress"],
  config: [
    "name",
    "vmPathName",
    "memorySizeMB",
    "numCpu",
    "numEthernetCards",
    "numVirtualDisks",
    "uuid",
    "instanceUuid",
    "guestId",
    "guestFullName",
    "annotation",
    "product",
  ],
  storage: ["committed", "uncommitted"],
  quickStats: ["overallCpuUsage", "guestMemoryUsage", "hostMemoryUsage"],
};

/**
 * Only a whole `vim.vm.Summary` is `ok`: closed, with nothing behind it, and with every field this server reads. A field
 * of another type than expected reads as `null`. Never throws.
 */
export function parseSummary(text: string): SummaryReading {
  const dump = parseDump(text, { freeText, accept: isWholeSummary });
  if ("ok" in dump && dump.ok.kind === "object") return { ok: summaryOf(dump.ok) };
  const fault = parseFault(text);
  if (fault?.type === "vim.fault.NotFound") return { gone: fault.message };
  if (fault !== undefined) return { failed: fault.message };
  return { failed: hostdTrouble(text) ?? ("failed" in dump ? dump.failed : excerpt(text)) };
}

function isWholeSummary(root: DumpObject | DumpArray): boolean {
  if (root.kind !== "object" || root.type !== "vim.vm.Summary") return false;
  return (
    root.fields.has("overallStatus") && Object.entries(expected).every(([part, names]) => hasAll(root, part, names))
  );
}

/** A part that is `(type) null` is whole; all of its values are unknown then. */
function hasAll(root: DumpObject, part: string, names: readonly string[]): boolean {
  const value = root.fields.get(part);
  if (value === null) return part !== "runtime" && part !== "config";
  return names.every((name) => valueAt(root, part, name) !== undefined);
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

const isoDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** A host's date (microseconds, UTC) in ISO 8601 with milliseconds; null for no date, and for 1970: there it means unknown. */
export function timestampOf(date: string | null): Timestamp | null {
  if (date === null || !isoDate.test(date)) return null;
  const time = Date.parse(date);
  return Number.isFinite(time) && time > 0 ? new Date(time).toISOString() : null;
}
