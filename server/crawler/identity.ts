/**
 * Which VM is which. A vmid is only a handle: ESXi gives a new one at every registration. What is known by its path stays
 * what it is; what turns up under a new path is a known VM only when its UUID says so, nobody else carries that UUID, and
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

export interface Lineup {
  readonly node: NodeName;
  readonly known: readonly KnownTraits[];
  /** What is there now, one per path. */
  readonly seen: readonly Traits[];
  /** Is it proven that nothing is left under this path. */
  readonly isGone: (path: string) => boolean;
}

/** Path → id, for everything seen. Ids not among the known ones are new. */
export function identify(lineup: Lineup): ReadonlyMap<string, VmId> {
  const knownByPath = new Map(lineup.known.map((known) => [known.path, known]));
  // An unread summary changes nothing: what was known of the VM at this path still counts.
  const seen = lineup.seen.map((traits) => completed(traits, knownByPath.get(traits.path)));
  const ids = new Map<string, VmId>();
  for (const { path } of seen) {
    const known = knownByPath.get(path);
    if (known !== undefined) ids.set(path, known.id);
  }
  const taken = new Set(lineup.known.map((known) => known.id));
  const missing = lineup.known.filter((known) => !ids.has(known.path) && lineup.isGone(known.path));
  const claimed = new Set<VmId>();
  for (const traits of seen) {
    if (ids.has(traits.path)) continue;
    const id = movedFrom(traits, missing, seen);
    if (id === undefined || claimed.has(id)) continue;
    claimed.add(id);
    ids.set(traits.path, id);
  }
  for (const traits of seen) {
    if (ids.has(traits.path)) continue;
    const id = newId(traits, { ...lineup, seen }, taken);
    taken.add(id);
    ids.set(traits.path, id);
  }
  return ids;
}

function completed(traits: Traits, known: KnownTraits | undefined): Traits {
  return {
    path: traits.path,
    uuid: traits.uuid ?? known?.uuid ?? null,
    instanceUuid: traits.instanceUuid ?? known?.instanceUuid ?? null,
  };
}

/** The known VM that was moved here, where there is exactly one candidate on either side. */
function movedFrom(traits: Traits, missing: readonly KnownTraits[], seen: readonly Traits[]): VmId | undefined {
  for (const trait of ["instanceUuid", "uuid"] as const) {
    if (!traits[trait] || !isUnique(traits, trait, seen)) continue;
    const candidates = missing.filter((known) => known[trait] === traits[trait] && !contradicts(known, traits));
    if (candidates.length === 1) return candidates[0]?.id;
  }
  return undefined;
}

function contradicts(known: Traits, seen: Traits): boolean {
  return Boolean(known.instanceUuid && seen.instanceUuid && known.instanceUuid !== seen.instanceUuid);
}

function isUnique(traits: Traits, trait: "uuid" | "instanceUuid", all: readonly Traits[]): boolean {
  return all.every((other) => other.path === traits.path || other[trait] !== traits[trait]);
}

/** Made of what does not depend on when and by whom the VM is seen first, so that two servers make the same id. */
function newId(traits: Traits, lineup: Lineup, taken: ReadonlySet<VmId>): VmId {
  const { node, known, seen } = lineup;
  if (traits.instanceUuid && isUnique(traits, "instanceUuid", seen) && isUnique(traits, "instanceUuid", known)) {
    const id = idOf(["uuid", node, traits.instanceUuid]);
    if (!taken.has(id)) return id;
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
