/** What a scan should ask for, by what is known. */
import type { IsoListing, IsoRequest, KnownVm, ScanRequest } from "../esxi/driver.ts";
import type { CreationDefaults, IsoImage, Node } from "../model.ts";
import { canonicalPath, volumesOf } from "./canonical-path.ts";
import type { NodeMemory } from "./memory.ts";

export interface ScanPlanOptions {
  /** ms, by our clock. */
  readonly now: number;
  readonly intervalMs: number;
  /** How old the slow-changing facts may become, in ms. */
  readonly rareEveryMs: number;
}

export function planScan(memory: NodeMemory, { now, intervalMs, rareEveryMs }: ScanPlanOptions): ScanRequest {
  const { factsAt } = memory;
  return {
    budgetMs: Math.floor(intervalMs / 2),
    facts: factsAt === undefined || now - factsAt >= rareEveryMs || now < factsAt,
    known: knownVms(memory),
  };
}

/** Longest untried first: a VM that can't be read takes its turn like the others. */
function knownVms({ vms }: NodeMemory): readonly KnownVm[] {
  return [...vms.values()]
    .sort((one, other) => one.triedAt - other.triedAt)
    .map(({ vm, running, urgent }) => ({ vmid: vm.vmid, path: vm.path, running, urgent }));
}

/** Undefined: there is nowhere to look. */
export function planIsoListing({ node }: NodeMemory, defaults: CreationDefaults): IsoRequest | undefined {
  const mountPoints = node.datastores.filter(({ mounted }) => mounted).map(({ mountPoint }) => mountPoint);
  const end = defaults.isoPath?.lastIndexOf("/") ?? -1;
  const folders = end > 0 ? [defaults.isoPath?.slice(0, end) ?? ""] : [];
  return mountPoints.length + folders.length === 0 ? undefined : { folders, mountPoints };
}

/** What was known of folders that did not answer stays; the same file under two spellings is shown once. */
export function withIsoImages(node: Node, listing: IsoListing): Node {
  const volumes = volumesOf(node.datastores, []);
  const spelled = (path: string) => canonicalPath(path, volumes).path;
  const silent = listing.silent.map((folder) => `${spelled(folder)}/`);
  const kept = node.isoImages.filter(({ path }) => silent.some((folder) => spelled(path).startsWith(folder)));
  const images = new Map<string, IsoImage>();
  for (const image of [...listing.images, ...kept]) {
    const path = spelled(image.path);
    if (!images.has(path)) images.set(path, image);
  }
  return { ...node, isoImages: [...images.values()].sort((one, other) => (one.path < other.path ? -1 : 1)) };
}
