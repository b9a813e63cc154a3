/** Brings the lists of one observation together: for each VM seen, its vmid, its canonical path and all that was said of it. */
import type { HostObservation, ListedVm, RunningVm, VmRead } from "../esxi/driver.ts";
import { canonicalPath, pathBelowVolume, type Volumes } from "./canonical-path.ts";
import type { NodeMemory } from "./memory.ts";

export interface Sighting {
  readonly vmid: number;
  readonly path: string;
  /** listed: by hostd · invalid: hostd knows it but can't load it · registered: in vmInventory.xml, or running; hostd does not say. */
  readonly evidence: "listed" | "invalid" | "registered";
  readonly row: ListedVm | undefined;
  /** Undefined: the list of running VMs could not be had. */
  readonly running: boolean | undefined;
  readonly read: VmRead | undefined;
  /** BIOS UUID, by the list of running VMs or by the summary. */
  readonly uuid: string | null;
  readonly instanceUuid: string | null;
}

export interface Sightings {
  /** One per path. */
  readonly seen: readonly Sighting[];
  /** Is there any sign of a VM at this path, in whatever list. */
  hasSignOf(path: string): boolean;
  /** All paths of which there is a sign. */
  readonly signs: ReadonlySet<string>;
  /** Vmids that were seen while their path could not be told. */
  readonly placeless: ReadonlyMap<number, "listed" | "invalid">;
  /**
   * Vmids that hostd lists or vmInventory.xml names, while no summary shows whose they are, nor does hostd deny them:
   * whoever was last known under one may still be there, whatever path a damaged line gives.
   */
  readonly doubtful: ReadonlySet<number>;
  /** Undefined: the list of running VMs could not be had. */
  runs(path: string): boolean | undefined;
  readOf(path: string): VmRead | undefined;
}

interface Place {
  readonly vmid: number;
  readonly path: string;
  readonly evidence: Sighting["evidence"];
  readonly row: ListedVm | undefined;
}

export function sightingsOf(observation: HostObservation, memory: NodeMemory, volumes: Volumes): Sightings {
  const registered = new Map([...(observation.registered ?? [])].map(([vmid, path]) => [vmid, at(path, volumes)]));
  const lists = { observation, memory, volumes, registered };
  const placeless = new Map<number, "listed" | "invalid">();
  const unsure = unsureIn(observation);
  const places = new Map<string, Place>();
  for (const place of placesIn(lists)) {
    if (place.path === undefined) {
      if (place.evidence !== "registered" && !unsure.has(place.vmid)) placeless.set(place.vmid, place.evidence);
    } else if (!places.has(place.path)) places.set(place.path, { ...place, path: place.path });
  }
  const reads = readsByPath(observation.reads, [...places.values()], volumes);
  const running = runningList(observation.running, volumes);
  const signs = new Set([...places.keys(), ...registered.values(), ...reads.keys()]);
  return {
    seen: [...places.values()].map((place) => sighting(place, reads.get(place.path), running)),
    signs,
    hasSignOf: (path) => signs.has(path) || running?.find(path) !== undefined,
    placeless,
    doubtful: doubtfulIn(observation),
    runs: (path) => (running === undefined ? undefined : running.find(path) !== undefined),
    readOf: (path) => reads.get(path),
  };
}

function doubtfulIn({ listing, registered, reads }: HostObservation): ReadonlySet<number> {
  const listed = (listing?.vms ?? []).map(({ vmid }) => vmid);
  const doubtful = new Set([...listed, ...(listing?.invalid ?? []), ...(registered?.keys() ?? [])]);
  for (const read of reads) {
    if (read.outcome === "gone" || (read.outcome === "read" && read.summary.datastorePath !== null))
      doubtful.delete(read.vmid);
  }
  return doubtful;
}

/** Vmids that only a line in doubt names, which may be of a note: vmInventory.xml does not know them. */
function unsureIn({ listing, registered }: HostObservation): ReadonlySet<number> {
  const unsure = (listing?.vms ?? []).filter(({ datastorePath }) => datastorePath === undefined);
  return new Set(unsure.flatMap(({ vmid }) => (registered?.has(vmid) === false ? [vmid] : [])));
}

function at(printed: string, volumes: Volumes): string {
  return canonicalPath(printed, volumes).path;
}

interface Lists {
  readonly observation: HostObservation;
  readonly memory: NodeMemory;
  readonly volumes: Volumes;
  readonly registered: ReadonlyMap<number, string>;
}

function* placesIn(lists: Lists): Generator<Omit<Place, "path"> & { readonly path: string | undefined }> {
  const { listing } = lists.observation;
  for (const row of listing?.vms ?? []) yield { vmid: row.vmid, path: placeOfRow(row, lists), evidence: "listed", row };
  for (const vmid of listing?.invalid ?? [])
    yield { vmid, path: lists.registered.get(vmid), evidence: "invalid", row: undefined };
  // While hostd is up, what only the file names is a leftover or not loaded yet; while it is down, the file is all there is.
  if (lists.observation.hostdUp) return;
  for (const [vmid, path] of lists.registered) yield { vmid, path, evidence: "registered", row: undefined };
}

/** The row itself decides; where its datastore is unknown, what else names this very file under this vmid. */
function placeOfRow(row: ListedVm, { observation, memory, volumes, registered }: Lists): string | undefined {
  const inRegister = registered.get(row.vmid);
  if (row.datastorePath === undefined) return inRegister ?? placeByRead(row.vmid, observation.reads, volumes);
  const { path, certain } = canonicalPath(row.datastorePath, volumes);
  if (certain) return path;
  if (inRegister !== undefined && pathBelowVolume(inRegister) === pathBelowVolume(path)) return inRegister;
  for (const { vm } of memory.vms.values())
    if (vm.vmid === row.vmid && vm.datastorePath === row.datastorePath) return vm.path;
  return path;
}

function placeByRead(vmid: number, reads: readonly VmRead[], volumes: Volumes): string | undefined {
  const read = reads.find((candidate) => candidate.vmid === vmid);
  const printed = read?.outcome === "read" ? read.summary.datastorePath : null;
  return printed === null ? undefined : at(printed, volumes);
}

/**
 * A summary belongs to the VM whose path it prints, which is not always the one listed under that vmid: it may have
 * become another VM's in between. But where the listing has that path under another vmid, one of the two is damaged or
 * out of date, and the next scan decides. What prints no path belongs to whoever the listing says.
 */
function readsByPath(
  reads: readonly VmRead[],
  places: readonly Place[],
  volumes: Volumes,
): ReadonlyMap<string, VmRead> {
  const byVmid = new Map(places.map((place) => [place.vmid, place]));
  const paths = new Set<string | undefined>(places.map(({ path }) => path));
  const byPath = new Map<string, VmRead>();
  for (const read of reads) {
    const listed = byVmid.get(read.vmid);
    const printed = read.outcome === "read" ? read.summary.datastorePath : null;
    const path = printed === null || isSameFile(printed, listed, volumes) ? listed?.path : at(printed, volumes);
    const isListedElsewhere = path !== listed?.path && paths.has(path);
    if (path !== undefined && !isListedElsewhere) byPath.set(path, read);
  }
  return byPath;
}

function isSameFile(printed: string, place: Place | undefined, volumes: Volumes): boolean {
  if (place === undefined) return false;
  if (printed === place.row?.datastorePath) return true;
  const { path, certain } = canonicalPath(printed, volumes);
  return path === place.path || (!certain && pathBelowVolume(path) === pathBelowVolume(place.path));
}

interface RunningList {
  find(path: string): RunningVm | undefined;
}

function runningList(running: readonly RunningVm[] | undefined, volumes: Volumes): RunningList | undefined {
  if (running === undefined) return undefined;
  const byPath = new Map<string, RunningVm>();
  const belowUnknownVolume = new Map<string, RunningVm>();
  for (const vm of running) {
    const { path, certain } = canonicalPath(vm.path, volumes);
    byPath.set(path, vm);
    if (!certain) belowUnknownVolume.set(pathBelowVolume(path), vm);
  }
  return { find: (path) => byPath.get(path) ?? belowUnknownVolume.get(pathBelowVolume(path)) };
}

function sighting(place: Place, read: VmRead | undefined, running: RunningList | undefined): Sighting {
  const world = running?.find(place.path);
  const summary = read?.outcome === "read" ? read.summary : undefined;
  return {
    // The summary is the later witness of the vmid.
    vmid: summary === undefined || read === undefined ? place.vmid : read.vmid,
    path: place.path,
    evidence: place.evidence,
    row: place.row,
    running: running === undefined ? undefined : world !== undefined,
    read,
    uuid: summary?.uuid ?? world?.uuid ?? null,
    instanceUuid: summary?.instanceUuid ?? null,
  };
}
