/**
 * Which VM is which. A vmid is only a handle: ESXi gives a new one at every registration. What is known by its path stays
 * what it is; what turns up under a new path is a known VM only when its UUID says so, nobody else can carry that UUID, and
 * the path it was known under is gone.
 */
import { createHash } from "node:crypto";
import type { NodeName, VmId } from "../model.ts";

export interface Traits {
  /** Canonical. */
  readonly path: string;
  /** BIOS UUID. */
  readonly uuid: string | null;
  readonly instanceUuid: string | null;
}

export interface KnownTraits extends Traits {
  readonly id: VmId;
}

export interface SeenTraits extends Traits {
  /** hostd can't load it, so it won't tell its UUID. */
  readonly isInvalid: boolean;
}

export interface Lineup {
  readonly node: NodeName;
  readonly known: readonly KnownTraits[];
  /** What is there now, one per path. */
  readonly seen: readonly SeenTraits[];
  /** Is it proven that nothing is left under this path. */
  readonly isGone: (path: string) => boolean;
  /** Is there, or was there lately, something that is neither known nor seen. */
  readonly hasHidden: boolean;
}

/** Path → id, for everything seen. Ids not among the known ones are new. */
export function identify(lineup: Lineup): ReadonlyMap<string, VmId> {
  const { known } = lineup;
  const knownByPath = new Map(known.map((vm) => [vm.path, vm]));
  const ids = new Map<string, VmId>();
  for (const { path } of lineup.seen) {
    const vm = knownByPath.get(path);
    if (vm !== undefined) ids.set(path, vm.id);
  }
  const newcomers = lineup.seen.filter(({ path }) => !ids.has(path));
  if (newcomers.length === 0) return ids;
  const scene = sceneOf(lineup, knownByPath);
  const moved = new Set<VmId>();
  for (const traits of newcomers) {
    const id = movedFrom(traits, scene);
    if (id === undefined || moved.has(id)) continue;
    moved.add(id);
    ids.set(traits.path, id);
  }
  const taken = new Set(known.map(({ id }) => id));
  for (const traits of newcomers) {
    if (ids.has(traits.path)) continue;
    const id = newId(traits, scene, taken);
    taken.add(id);
    ids.set(traits.path, id);
  }
  return ids;
}

interface Scene {
  readonly node: NodeName;
  readonly known: readonly KnownTraits[];
  readonly missing: readonly KnownTraits[];
  /** How many of those present carry a UUID. */
  readonly carriers: Readonly<Record<Trait, ReadonlyMap<string, number>>>;
  /** Every UUID that may matter can be told, so that one that occurs once is unique. */
  readonly isClear: boolean;
}

const traitsByWeight = ["instanceUuid", "uuid"] as const;
type Trait = (typeof traitsByWeight)[number];

function sceneOf({ node, known, seen, isGone, hasHidden }: Lineup, knownByPath: ReadonlyMap<string, Traits>): Scene {
  const seenPaths = new Set(seen.map(({ path }) => path));
  const unseen = known.filter(({ path }) => !seenPaths.has(path));
  const missing = unseen.filter(({ path }) => isGone(path));
  const still = unseen.filter((vm) => !missing.includes(vm));
  // An unread summary changes nothing: what was known of the VM at this path still counts.
  const loaded = seen
    .filter(({ isInvalid }) => !isInvalid)
    .map((traits) => completed(traits, knownByPath.get(traits.path)));
  // Whoever is seen, or at least not proven gone.
  const present = [...loaded, ...still];
  const carriers = { instanceUuid: tally(present, "instanceUuid"), uuid: tally(present, "uuid") };
  return { node, known, missing, carriers, isClear: !hasHidden && ![...present, ...missing].some(isFaceless) };
}

function completed(traits: Traits, known: Traits | undefined): Traits {
  return {
    path: traits.path,
    uuid: traits.uuid ?? known?.uuid ?? null,
    instanceUuid: traits.instanceUuid ?? known?.instanceUuid ?? null,
  };
}

/** Its summary was never read: it may carry any UUID. */
function isFaceless({ uuid, instanceUuid }: Traits): boolean {
  return !uuid && !instanceUuid;
}

/** The known VM that was moved here, where nobody else on either side can be meant. */
function movedFrom(traits: SeenTraits, { isClear, missing, carriers }: Scene): VmId | undefined {
  if (!isClear || traits.isInvalid) return undefined;
  for (const trait of traitsByWeight) {
    if (!traits[trait] || carriers[trait].get(traits[trait]) !== 1) continue;
    const candidates = missing.filter((known) => known[trait] === traits[trait] && !contradicts(known, traits));
    if (candidates.length === 1) return candidates[0]?.id;
  }
  return undefined;
}

function contradicts(known: Traits, seen: Traits): boolean {
  return Boolean(known.instanceUuid && seen.instanceUuid && known.instanceUuid !== seen.instanceUuid);
}

function tally(all: readonly Traits[], trait: Trait): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { [trait]: value } of all) if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Made of what does not depend on when and by whom the VM is seen first, so that two servers make the same id. */
function newId(traits: SeenTraits, { node, known, carriers, isClear }: Scene, taken: ReadonlySet<VmId>): VmId {
  const { instanceUuid } = traits;
  if (instanceUuid && isClear && !traits.isInvalid && carriers.instanceUuid.get(instanceUuid) === 1) {
    const id = idOf(["uuid", node, instanceUuid]);
    if (!taken.has(id) && !known.some((vm) => vm.instanceUuid === instanceUuid)) return id;
  }
  // The id made of this path may live on with a VM that has moved away from it.
  for (let attempt = 0; ; attempt += 1) {
    const id = idOf(["path", node, traits.path, ...(attempt === 0 ? [] : [String(attempt)])]);
    if (!taken.has(id)) return id;
  }
}

function idOf(words: readonly string[]): VmId {
  return `vm_${createHash("sha256").update(JSON.stringify(words)).digest("hex").slice(0, 20)}`;
}
