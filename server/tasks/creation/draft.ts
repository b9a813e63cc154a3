/** From what was asked for to a blueprint: defaults filled in, and all that is wrong with it at once. Pure. */
import type { UserError } from "../../errors.ts";
import type { VmBlueprint } from "../../esxi/creation.ts";
import type { Datastore, Node } from "../../model.ts";
import type { CreateRequest } from "../tasks.ts";
import { datastoreOf, isoPathOf, portGroupOf } from "./check-places.ts";
import { commentFaults, nameFaults, sizeFaults } from "./check-values.ts";
import { devicesFor } from "./devices.ts";
import { invalid, isFault } from "./faults.ts";
import { guestOfIso } from "./guest-of-iso.ts";
import { guestSystemsOf } from "./guest-systems.ts";
import { hardwareVersionOf } from "./hardware-version.ts";
import { canonicalFile } from "./places.ts";
import type { Scene } from "./scene.ts";

/** The request's own fields. */
export type CreateAsked = Omit<CreateRequest, "actor" | "idempotencyKey" | "dryRun">;

export interface Draft {
  /** Null when so much is wrong that there is none. */
  readonly order: { readonly blueprint: VmBlueprint; readonly datastore: Datastore } | null;
  /** The image is none of those that are known of the node; whether it exists must be asked. */
  readonly unlistedIso: string | null;
  readonly faults: readonly UserError[];
}

/** Sizes that suit a small server; a client offers its own presets. */
const defaults = { numCpu: 1, memorySizeMb: 1024, diskSizeGb: 30 } as const;

export function draftOf(asked: CreateAsked, scene: Scene): Draft {
  const { node } = scene;
  const sizes = {
    numCpu: asked.numCpu ?? defaults.numCpu,
    memorySizeMb: asked.memorySizeMb ?? defaults.memorySizeMb,
    diskSizeGb: asked.diskSizeGb ?? defaults.diskSizeGb,
  };
  const comment = asked.comment ?? "";
  const datastore = datastoreOf(asked.datastore, node);
  const isoPath = isoPathOf(asked.isoPath, node);
  const portGroup = portGroupOf(asked.portGroup, node);
  const iso = isFault(isoPath) ? null : isoPath;
  const guest = guestOf(asked, node, iso);
  const faults = [
    ...nameFaults(asked.name, scene, isFault(datastore) ? undefined : datastore),
    ...sizeFaults(sizes, node, isFault(datastore) ? undefined : datastore),
    ...commentFaults(comment),
    ...[datastore, isoPath, portGroup, guest].filter(isFault),
  ];
  const isListed = node.isoImages.some(({ path }) => canonicalFile(path, node) === iso);
  const unlistedIso = isListed ? null : iso;
  if (isFault(datastore) || isFault(isoPath) || isFault(portGroup) || isFault(guest)) {
    return { order: null, unlistedIso, faults };
  }
  const devices = devicesFor(guest);
  const blueprint: VmBlueprint = {
    name: asked.name,
    ...sizes,
    ...devices,
    firmware: asked.firmware ?? devices.firmware,
    guestId: guest.id,
    hardwareVersion: hardwareVersionOf(node),
    portGroup,
    isoPath,
    comment,
  };
  return { order: { blueprint, datastore }, unlistedIso, faults };
}

/** Without the host's own list its word counts: an id that only looks like one is left to it. */
function guestOf({ guestId }: CreateAsked, node: Node, isoPath: string | null) {
  const known = guestSystemsOf(node.guestSystems, hardwareVersionOf(node));
  const id = guestId ?? guestOfIso(isoPath, known);
  const found = known.find((guest) => guest.id === id);
  if (found !== undefined) return found;
  const isLikely = /^[A-Za-z][A-Za-z0-9_]{2,60}Guest(?:64)?$/.test(id);
  if (node.guestSystems.length === 0 && isLikely) return { id, fullName: id, firmware: null };
  const some = known.slice(0, 8).map((guest) => guest.id);
  return invalid(
    ["guestId"],
    `${JSON.stringify(id)} is no guest operating system that node ${node.name} knows. Choose one of Node.guestSystems, such as ${some.join(", ")}.`,
  );
}
