/** Pure: what is known of a node, and what a look at it showed, give what is known afterwards. */
import type { NodeConfig } from "../config.ts";
import type { HostObservation, VmRead } from "../esxi/driver.ts";
import type { Node, NodePulse, Vm, VmId } from "../model.ts";
import { canonicalPath, type Volumes, volumesOf } from "./canonical-path.ts";
import { identify } from "./identity.ts";
import { blankVm, type NodeMemory, type VmMemory } from "./memory.ts";
import { verdictOfObservation, withVerdict } from "./node-status.ts";
import { keptOr } from "./records.ts";
import { isGone, missedBy, noWitness, witnessOf } from "./removal.ts";
import { type Sightings, sightingsOf } from "./sightings.ts";
import { type Look, type MergeContext, mergeSighting, mergeSingleRead, type Seen } from "./vm-merge.ts";

export interface ObserveContext {
  readonly config: NodeConfig;
  /** listing: what a scan under way showed so far; it adds, and concludes nothing from what is missing. */
  readonly phase: "listing" | "scan";
  /** How long the scan took, by our clock. */
  readonly durationMs: number;
}

export function observe(memory: NodeMemory, observation: HostObservation, context: ObserveContext): NodeMemory {
  const volumes = volumesOf(observation.facts?.datastores ?? [], memory.node.datastores);
  const known = { ...memory, vms: rebased(memory.vms, volumes) };
  const { config, phase } = context;
  const at = Date.parse(observation.at);
  const clockOffsetMs = observation.clockOffsetMs ?? memory.clockOffsetMs;
  const look = { at, hostdUp: observation.hostdUp, phase, config, volumes, clockOffsetMs };
  const sightings = sightingsOf(observation, known, volumes);
  const witness = phase === "scan" ? witnessOf(observation) : noWitness;
  const seen = mergeSeen(known, sightings, { look, canMiss: witness.complete && witness.register === "read" });
  const vms = new Map(seen);
  const isInDoubt = doubtOver(sightings, known.vms, seen);
  for (const [id, vm] of known.vms) {
    if (seen.has(id)) continue;
    const left = mergeUnlisted(vm, sightings, look);
    if (left !== undefined) vms.set(id, left);
    else {
      const absence = isInDoubt(vm) ? vm.absence : missedBy(vm.absence, witness);
      const gone = !isInDoubt(vm) && absence !== undefined && isGone(absence, witness);
      if (!gone) vms.set(id, phase === "scan" ? outOfSight({ ...vm, absence }, at) : vm);
    }
  }
  if (phase === "listing") return { ...memory, vms };
  return {
    node: nodeAfter(memory.node, observation, [...vms.values()]),
    pulse: pulseAfter(memory.pulse, observation, context.durationMs),
    vms,
    strangers: observation.registered === undefined ? memory.strangers : strangersAmong(sightings.signs, vms),
    clockOffsetMs,
    factsAt: hasAllFacts(observation) ? at : memory.factsAt,
    failures: 0,
    failingSince: undefined,
  };
}

export interface NewVm {
  /** Canonical. */
  readonly path: string;
  readonly read: Extract<VmRead, { outcome: "read" }>;
}

/** Readings of single VMs. One that can't be told to be of a known VM is dropped. */
export function observeReads(memory: NodeMemory, reads: readonly VmRead[], config: NodeConfig): NodeMemory {
  const volumes = volumesOf(memory.node.datastores, []);
  const context = { config, volumes, clockOffsetMs: memory.clockOffsetMs };
  const vms = new Map(memory.vms);
  for (const read of reads) {
    const known = readVm([...vms.values()], read, volumes);
    if (known !== undefined) vms.set(known.vm.id, mergeSingleRead(known, read, context));
  }
  return { ...memory, vms };
}

/** A VM that was registered just now by ECoMan itself, so that it need not wait for a scan to list it. */
export function observeNewVm(memory: NodeMemory, { path, read }: NewVm, config: NodeConfig): NodeMemory {
  const volumes = volumesOf(memory.node.datastores, []);
  const node = memory.node.name;
  const known = [...memory.vms.values()].map(({ vm }) => vm);
  const { uuid, instanceUuid } = read.summary;
  const seen = [{ path, uuid, instanceUuid, isInvalid: false }];
  const id = identify({ node, known, seen, isGone: () => false, hasHidden: memory.strangers.size > 0 }).get(path);
  if (id === undefined) return memory;
  const before = memory.vms.get(id) ?? blankVm(id, { node, nodeLabels: config.labels, vmid: read.vmid, path });
  const merged = mergeSingleRead(before, read, { config, volumes, clockOffsetMs: memory.clockOffsetMs });
  return { ...memory, vms: new Map(memory.vms).set(id, merged) };
}

/** By the path that the summary prints; the vmid alone counts only for a failure, which blanks nothing. */
function readVm(vms: readonly VmMemory[], read: VmRead, volumes: Volumes): VmMemory | undefined {
  const printed = read.outcome === "read" ? read.summary.datastorePath : null;
  if (printed !== null) {
    const { path, certain } = canonicalPath(printed, volumes);
    return vms.find(({ vm }) => vm.path === path || (!certain && vm.datastorePath === printed));
  }
  const candidates = vms.filter(({ vm }) => vm.vmid === read.vmid);
  return candidates.length === 1 && read.outcome !== "read" ? candidates[0] : undefined;
}

/** A path that was first seen under a datastore's name gets its canonical form as soon as that can be told. */
function rebased(vms: ReadonlyMap<VmId, VmMemory>, volumes: Volumes): ReadonlyMap<VmId, VmMemory> {
  const next = new Map<VmId, VmMemory>();
  for (const [id, known] of vms) {
    const { path } = canonicalPath(known.vm.path, volumes);
    next.set(id, path === known.vm.path ? known : { ...known, vm: { ...known.vm, path } });
  }
  return next;
}

interface Merging {
  readonly look: Look & MergeContext;
  /** Can this observation prove that a path is gone. */
  readonly canMiss: boolean;
}

function mergeSeen(memory: NodeMemory, sightings: Sightings, { look, canMiss }: Merging): ReadonlyMap<VmId, VmMemory> {
  const known = [...memory.vms.values()].map(({ vm }) => vm);
  const doubted = new Set(known.flatMap(({ vmid, path }) => (sightings.doubtful.has(vmid) ? [path] : [])));
  const isGonePath = (path: string) => canMiss && !sightings.hasSignOf(path) && !doubted.has(path);
  const node = memory.node.name;
  const seen = sightings.seen.map((sighting) => ({ ...sighting, isInvalid: sighting.evidence === "invalid" }));
  const places = new Set([...known, ...seen].map(({ path }) => path));
  const hasHidden = memory.strangers.size > 0 || [...sightings.signs].some((path) => !places.has(path));
  const ids = identify({ node, known, seen, isGone: isGonePath, hasHidden: hasHidden || !canMiss });
  // A node that is looked at for the first time shows its VMs at once; later on a new VM waits for its summary, whose
  // UUID may tell that it is a known one under a new path.
  const takesNew = look.phase === "scan" || known.length === 0;
  const vms = new Map<VmId, VmMemory>();
  for (const sighting of sightings.seen) {
    const id = ids.get(sighting.path);
    if (id === undefined) continue;
    const before = memory.vms.get(id);
    if (before === undefined && !takesNew) continue;
    const place = { node, nodeLabels: look.config.labels, vmid: sighting.vmid, path: sighting.path };
    vms.set(id, mergeSighting(before ?? blankVm(id, place), sighting, look));
  }
  return vms;
}

function strangersAmong(signs: ReadonlySet<string>, vms: ReadonlyMap<VmId, VmMemory>): ReadonlySet<string> {
  const known = new Set([...vms.values()].map(({ vm }) => vm.path));
  return new Set([...signs].filter((path) => !known.has(path)));
}

/** A VM that hostd does not list, or not so that its path can be told, but of which there is a sign all the same. */
function mergeUnlisted(known: VmMemory, sightings: Sightings, look: Look & MergeContext): VmMemory | undefined {
  const { vmid, path } = known.vm;
  const evidence = sightings.placeless.get(vmid) ?? (sightings.hasSignOf(path) ? "registered" : undefined);
  if (evidence === undefined) return undefined;
  const seen: Seen = {
    vmid,
    path,
    evidence,
    row: undefined,
    running: sightings.runs(path),
    read: sightings.readOf(path),
  };
  return mergeSighting(known, seen, look);
}

/** May a VM that was not seen be behind a listed vmid all the same. A VM whose summary was ever read outweighs others. */
function doubtOver(sightings: Sightings, known: NodeMemory["vms"], seen: NodeMemory["vms"]): (vm: VmMemory) => boolean {
  const settled = new Set([...seen].flatMap(([id, { vm }]) => (wasRead(known.get(id)) ? [vm.vmid] : [])));
  return (missing) => {
    const { vmid } = missing.vm;
    return wasRead(missing) && sightings.doubtful.has(vmid) && !settled.has(vmid);
  };
}

function wasRead(vm: VmMemory | undefined): boolean {
  return vm !== undefined && vm.readAt > 0;
}

/** The last look did not find it: what is shown is its last known state, unless it was read by itself since. */
function outOfSight(known: VmMemory, at: number): VmMemory {
  if (known.vm.stale || at < known.seenAt) return known;
  return { ...known, vm: { ...known.vm, stale: true } };
}

function hasAllFacts({ facts }: HostObservation): boolean {
  return facts?.version !== undefined && facts.datastores !== undefined && facts.portGroups !== undefined;
}

function nodeAfter(node: Node, observation: HostObservation, vms: readonly VmMemory[]): Node {
  const { facts, usage } = observation;
  const next: Node = {
    ...node,
    version: facts?.version ?? node.version,
    build: facts?.build ?? node.build,
    hardware: usage?.hardware ?? node.hardware,
    datastores: filledOr(node.datastores, facts?.datastores),
    portGroups: filledOr(node.portGroups, facts?.portGroups),
  };
  // What is missing everywhere has an absence; what can't be read says so itself.
  const unlisted = vms.filter(({ vm, absence }) => vm.stale && absence === undefined && vm.readError === null);
  const verdict = verdictOfObservation(observation, vms.map(vmIn), observation.listing && unlisted.map(vmIn));
  return keptOr(node, withVerdict(next, verdict, observation.at));
}

function vmIn({ vm }: VmMemory): Vm {
  return vm;
}

/** A host that can be reached has a port group, and one that has VMs has a datastore: an empty list is a lost one. */
function filledOr<T>(known: readonly T[], seen: readonly T[] | undefined): readonly T[] {
  return seen === undefined || seen.length === 0 ? known : seen;
}

function pulseAfter(pulse: NodePulse, observation: HostObservation, durationMs: number): NodePulse {
  const vmsRead = observation.reads.filter((read) => read.outcome === "read").length;
  return {
    node: pulse.node,
    lastSeenAt: observation.at,
    lastScan: { at: observation.at, durationMs, vmsRead },
    cpuUsageMhz: observation.usage?.cpuUsageMhz ?? pulse.cpuUsageMhz,
    memoryUsageBytes: observation.usage?.memoryUsageBytes ?? pulse.memoryUsageBytes,
  };
}
