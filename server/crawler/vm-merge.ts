/** What one look adds to what is known of one VM. Each step takes one kind of evidence; the later evidence wins. */
import type { NodeConfig } from "../config.ts";
import type { ListedVm, VmRead, VmSummary } from "../esxi/driver.ts";
import type { ConnectionState, Vm, VmExceeds, VmThresholds, VmUsage } from "../model.ts";
import { datastoreNameOf, type Volumes } from "./canonical-path.ts";
import type { VmMemory } from "./memory.ts";
import { keptOr, sameRecord } from "./records.ts";
import type { Sighting } from "./sightings.ts";

export interface MergeContext {
  readonly config: Pick<NodeConfig, "labels" | "vmThresholds">;
  readonly volumes: Volumes;
  readonly clockOffsetMs: number | undefined;
}

/** The lists of one scan, as far as they concern how to take what they say of a VM. */
export interface Look {
  /** ms; when the lists were read. */
  readonly at: number;
  readonly hostdUp: boolean;
  /** listing: the summaries are still to come, so nothing is concluded from what is missing. */
  readonly phase: "listing" | "scan";
}

export type Seen = Pick<Sighting, "vmid" | "path" | "evidence" | "row" | "running" | "read">;

export function mergeSighting(known: VmMemory, seen: Seen, look: Look & MergeContext): VmMemory {
  const lists = withMarks(withPower(withRow(withHandle(known, seen, look), seen.row), seen, look), seen, look);
  const merged = seen.read === undefined ? lists : mergeRead(lists, seen.read, look);
  return finished(known, { ...merged, absence: undefined, urgent: isUrgent(known, seen, merged) }, look.config);
}

/** A summary, or the failure to get one, that was read by itself. Older than what is known: nothing happens. */
export function mergeSingleRead(known: VmMemory, read: VmRead, context: MergeContext): VmMemory {
  const merged = mergeRead(known, read, context);
  const urgent = known.urgent && merged.triedAt === known.triedAt;
  return finished(known, { ...merged, urgent }, context.config);
}

/** The same VM where all that changed is the node's settings, or nothing. */
export function finished(known: VmMemory, next: VmMemory, config: MergeContext["config"]): VmMemory {
  const exceeds = exceedsOf(next.vm, next.usage, config.vmThresholds);
  return { ...next, vm: keptOr(known.vm, { ...next.vm, nodeLabels: config.labels, exceeds }) };
}

/** At or above a limit; what is not known does not exceed. */
function exceedsOf(vm: Vm, usage: VmUsage | undefined, limits: VmThresholds): VmExceeds {
  return {
    cpu: vm.numCpu !== null && vm.numCpu >= limits.cpu,
    ram: vm.memorySizeMb !== null && vm.memorySizeMb >= limits.ramMb,
    storage: (usage?.storageCommittedBytes ?? -1) >= limits.storageGb * 1e9,
  };
}

function withHandle(known: VmMemory, seen: Seen, look: Look): VmMemory {
  if (look.at < known.seenAt) return known;
  return { ...known, vm: { ...known.vm, vmid: seen.vmid, path: seen.path }, seenAt: look.at };
}

/**
 * A row replaces what is known only where the row itself changed or no summary was read yet: the two commands may print
 * the same name differently, and taking turns would make every scan a change.
 */
function withRow(known: VmMemory, row: ListedVm | undefined): VmMemory {
  if (row === undefined) return known;
  const changed = known.row !== undefined && !sameRow(known.row, row);
  if (known.readAt !== 0 && !changed) return { ...known, row };
  const { vm } = known;
  const news = {
    name: nameIn(row) ?? vm.name,
    datastorePath: row.datastorePath ?? vm.datastorePath,
    guestId: row.guestId ?? vm.guestId,
    hardwareVersion: row.hardwareVersion ?? vm.hardwareVersion,
  };
  return { ...known, row, vm: { ...vm, ...news } };
}

function nameIn({ name, datastorePath }: ListedVm): string | undefined {
  return name === datastorePath || name?.startsWith("/vmfs/volumes/") ? undefined : name;
}

/** The vmid may change without anything about the VM having changed. */
function sameRow(one: ListedVm, other: ListedVm): boolean {
  return sameRecord({ ...one, vmid: 0 }, { ...other, vmid: 0 });
}

function withPower(known: VmMemory, seen: Seen, look: Look): VmMemory {
  if (seen.running === undefined || look.at < known.powerAt) return known;
  const { vm } = known;
  if (seen.running)
    return { ...known, running: true, powerAt: look.at, vm: vm.powerState === "ON" ? vm : { ...vm, powerState: "ON" } };
  // A hostd that is starting lists neither the VM nor what runs: that says nothing about its power.
  const concludes = look.phase === "scan" && (seen.evidence !== "registered" || !look.hostdUp);
  if (!concludes) return known;
  const stopped = vm.powerState === "ON" ? { ...vm, powerState: "UNKNOWN" as const } : vm;
  return { ...known, running: false, powerAt: look.at, vm: stopped };
}

/** Stale and read error, as far as the lists decide them; a summary read in the same scan decides them anew. */
function withMarks(known: VmMemory, seen: Seen, look: Look): VmMemory {
  if (look.at < Math.max(known.readAt, known.triedAt)) return known;
  const { vm } = known;
  if (seen.evidence === "invalid") {
    const readError = `The host can't load this VM (it skips it as invalid VM '${seen.vmid}'): look whether its files are there and sound, then run vim-cmd vmsvc/reload ${seen.vmid} on the host.`;
    return { ...known, vm: { ...vm, connectionState: "INVALID", readError, stale: true } };
  }
  const wasLookedAt = seen.evidence === "listed" ? seen.running !== undefined : !look.hostdUp && seen.running === true;
  if (!wasLookedAt && look.phase === "listing") return known;
  // hostd does not list what it skips as invalid; what it is instead, its summary will tell.
  const isLoaded = seen.evidence === "listed" && vm.connectionState === "INVALID";
  const connectionState = isLoaded ? "UNKNOWN" : vm.connectionState;
  return { ...known, vm: { ...vm, connectionState, stale: !wasLookedAt || vm.readError !== null } };
}

function isUrgent(known: VmMemory, seen: Seen, merged: VmMemory): boolean {
  if (seen.read !== undefined || known.triedAt === 0) return false;
  if (seen.evidence !== "listed") return known.urgent;
  const { row } = seen;
  const renamed = row !== undefined && (known.row === undefined ? differs(row, known.vm) : !sameRow(known.row, row));
  const switched = merged.running !== known.running;
  return known.urgent || renamed || switched || known.vm.connectionState === "INVALID";
}

/** After a restart there is no earlier row to compare with. */
function differs(row: ListedVm, vm: Vm): boolean {
  return (
    (row.name !== undefined && row.name !== vm.name) ||
    (row.hardwareVersion !== undefined && row.hardwareVersion !== vm.hardwareVersion)
  );
}

function mergeRead(known: VmMemory, read: VmRead, context: MergeContext): VmMemory {
  const at = Date.parse(read.at);
  if (at < Math.max(known.readAt, known.triedAt)) return known;
  if (read.outcome !== "read")
    return { ...known, triedAt: at, vm: { ...known.vm, readError: read.message, stale: true } };
  const vm = withSummary(known, read.summary, context.volumes);
  const usage = usageOf({ ...known, vm }, read, context.clockOffsetMs);
  const power = powerBySummary(known, read.summary, at);
  const seenAt = Math.max(known.seenAt, at);
  const vmid = at < known.seenAt ? vm.vmid : read.vmid;
  return {
    ...known,
    vm: { ...vm, vmid, powerState: power.powerState },
    usage,
    powerAt: power.at,
    readAt: at,
    triedAt: at,
    seenAt,
  };
}

function powerBySummary(known: VmMemory, { powerState }: VmSummary, at: number) {
  const isNews = at >= known.powerAt && !(powerState === "UNKNOWN" && known.running);
  return isNews ? { powerState, at } : { powerState: known.vm.powerState, at: known.powerAt };
}

const unreadable: Partial<Record<ConnectionState, string>> = {
  DISCONNECTED: "disconnected",
  INACCESSIBLE: "inaccessible",
  INVALID: "invalid",
  ORPHANED: "orphaned",
};

/** Of a VM whose files the host can't reach it prints unset where values were: then the last known ones stay. */
function withSummary({ vm }: VmMemory, summary: VmSummary, volumes: Volumes): Vm {
  const fault = unreadable[summary.connectionState];
  const keep = <T>(value: T | null, last: T | null): T | null => value ?? (fault === undefined ? null : last);
  const datastorePath = summary.datastorePath ?? vm.datastorePath;
  const readError =
    fault === undefined
      ? null
      : `The host calls this VM ${fault}: look whether its datastore is there and its .vmx can be read.`;
  return {
    ...vm,
    // In place of a name it can't read a host prints the path.
    name: (fault === undefined ? summary.name : null) ?? vm.name,
    connectionState: summary.connectionState,
    overallStatus: summary.overallStatus,
    bootTime: summary.bootTime,
    toolsStatus: summary.toolsStatus,
    toolsRunningStatus: summary.toolsRunningStatus,
    hostname: summary.hostname,
    ipAddress: summary.ipAddress,
    memorySizeMb: keep(summary.memorySizeMb, vm.memorySizeMb),
    numCpu: keep(summary.numCpu, vm.numCpu),
    numEthernetCards: keep(summary.numEthernetCards, vm.numEthernetCards),
    numVirtualDisks: keep(summary.numVirtualDisks, vm.numVirtualDisks),
    guestId: keep(summary.guestId, vm.guestId),
    guestFullName: keep(summary.guestFullName, vm.guestFullName),
    uuid: summary.uuid ?? vm.uuid,
    instanceUuid: summary.instanceUuid ?? vm.instanceUuid,
    hardwareVersion: summary.hardwareVersion ?? vm.hardwareVersion,
    consolidationNeeded: summary.consolidationNeeded ?? vm.consolidationNeeded,
    datastore: datastoreNameOf(datastorePath, volumes) ?? vm.datastore,
    datastorePath,
    comment: keep(summary.comment, vm.comment),
    question: summary.question,
    readError,
    stale: readError !== null,
  };
}

function usageOf(
  { vm, usage }: VmMemory,
  read: VmRead & { outcome: "read" },
  clockOffsetMs: number | undefined,
): VmUsage {
  const { summary } = read;
  const isReadable = unreadable[summary.connectionState] === undefined;
  const keep = (value: number | null, last: number | null | undefined) => value ?? (isReadable ? null : (last ?? null));
  return {
    vmId: vm.id,
    observedAt: read.at,
    overallCpuUsageMhz: summary.overallCpuUsageMhz,
    guestMemoryUsageMb: summary.guestMemoryUsageMb,
    hostMemoryUsageMb: summary.hostMemoryUsageMb,
    storageCommittedBytes: keep(summary.storageCommittedBytes, usage?.storageCommittedBytes),
    storageUncommittedBytes: keep(summary.storageUncommittedBytes, usage?.storageUncommittedBytes),
    uptimeSeconds: uptimeOf(read, clockOffsetMs),
  };
}

/** Old versions print no uptime; the boot time is by the host's clock, which may be far from ours. */
function uptimeOf({ summary, at }: VmRead & { outcome: "read" }, clockOffsetMs: number | undefined): number | null {
  if (summary.powerState !== "ON") return null;
  if (summary.uptimeSeconds !== null) return summary.uptimeSeconds;
  if (summary.bootTime === null || clockOffsetMs === undefined) return null;
  return Math.max(0, Math.floor((Date.parse(at) + clockOffsetMs - Date.parse(summary.bootTime)) / 1000));
}
