/**
 * The fields of a `vim.vm.Summary` that this server reads, and what each may hold. One that is missing was lost, or
 * swallowed by a string whose closing quote was lost; one that holds something else was garbled on its way.
 */
import { countAt, type DumpArray, type DumpObject, textAt, valueAt } from "./dump-value.ts";

type Kind = "text" | "count" | "flag" | "date" | "anything" | readonly string[];

const powerStates = ["poweredOn", "poweredOff", "suspended"];
const connectionStates = ["connected", "disconnected", "orphaned", "inaccessible", "invalid"];
const overallStatuses = ["gray", "green", "yellow", "red"];

/** Printed by every version from 4.x on, set or `<unset>`. `product` is not read; it is what follows the annotation. */
const always: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  runtime: { connectionState: connectionStates, powerState: powerStates, bootTime: "date", question: "anything" },
  guest: {
    guestId: "text",
    guestFullName: "text",
    toolsStatus: "text",
    toolsRunningStatus: "text",
    hostName: "text",
    ipAddress: "text",
  },
  config: {
    name: "text",
    vmPathName: "text",
    memorySizeMB: "count",
    numCpu: "count",
    numEthernetCards: "count",
    numVirtualDisks: "count",
    uuid: "text",
    instanceUuid: "text",
    guestId: "text",
    guestFullName: "text",
    annotation: "text",
    product: "anything",
  },
  storage: { committed: "count", uncommitted: "count" },
  quickStats: { overallCpuUsage: "count", guestMemoryUsage: "count", hostMemoryUsage: "count" },
};

/** Not printed by every version. */
const sometimes: typeof always = {
  runtime: { consolidationNeeded: "flag" },
  config: { hwVersion: "text" },
  quickStats: { uptimeSeconds: "count" },
};

/** A part that is `(type) null` is whole; all of its values are unknown then. */
export function hasAllFields(root: DumpObject | DumpArray): root is DumpObject {
  if (root.kind !== "object" || root.type !== "vim.vm.Summary" || !root.fields.has("overallStatus")) return false;
  return Object.entries(always).every(([part, fields]) => {
    if (root.fields.get(part) === null) return part !== "runtime" && part !== "config";
    return Object.keys(fields).every((name) => valueAt(root, part, name) !== undefined);
  });
}

/** The path of a field that holds what it can't hold; undefined when there is none. */
export function strangeField(root: DumpObject): string | undefined {
  if (!isOfKind(root, ["overallStatus"], overallStatuses)) return "overallStatus";
  for (const table of [always, sometimes]) {
    for (const [part, fields] of Object.entries(table)) {
      const strange = Object.entries(fields).find(([name, kind]) => !isOfKind(root, [part, name], kind));
      if (strange !== undefined) return `${part}.${strange[0]}`;
    }
  }
  return undefined;
}

function isOfKind(root: DumpObject, path: readonly string[], kind: Kind): boolean {
  const value = valueAt(root, ...path);
  if (typeof kind === "object") return kind.includes(textAt(root, ...path) ?? "");
  // Unset, or of a part that is.
  if (value === null || value === undefined) return true;
  if (kind === "count") return countAt(root, ...path) !== null;
  if (kind === "text") return typeof value === "string";
  if (kind === "flag") return typeof value === "boolean";
  return kind === "anything" || (typeof value === "string" && isDate(value));
}

/** As hosts print it: ISO 8601, in UTC, to the microsecond. */
export function isDate(text: string): boolean {
  const isForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(text);
  return isForm && Number.isFinite(Date.parse(text));
}
