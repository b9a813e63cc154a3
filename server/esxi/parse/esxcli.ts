/** Lists of esxcli and localcli, in csv or as printed for people. An `Error:` or a refused login is a failure, never an empty list. */
import type { Datastore, PortGroup } from "../../model.ts";
import type { RunningVm } from "../driver.ts";
import { type EsxcliRow, parseRows } from "./esxcli-rows.ts";
import { excerpt, type Parsed } from "./parsed.ts";

/**
 * `vm process list`: the VMs that run. One row that can't be read fails the whole: half a list would show VMs as off.
 *
 * An empty list is a blank text or a header without rows. A section that lost its content looks the same; the caller
 * must know from elsewhere that nothing was lost.
 */
export function parseProcessList(text: string): Parsed<readonly RunningVm[]> {
  return readEach(parseRows(text, ["worldid", "displayname", "configfile"]), (row) => {
    const worldId = numberIn(row, "worldid");
    const path = row.get("configfile") ?? "";
    if (worldId === undefined || !path.startsWith("/")) return undefined;
    return [{ name: row.get("displayname") ?? "", path, worldId, uuid: dashedUuid(row.get("uuid") ?? "") }];
  });
}

/** `56 4d c9 8d 87 2f a6 68-b2 3b 99 9f fb dc 76 cd` as summaries print it; undefined for anything else. */
function dashedUuid(printed: string): string | undefined {
  const hex = printed.replaceAll(/[\s-]/g, "").toLowerCase();
  const parts = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(hex);
  return parts?.slice(1).join("-");
}

/** ESXi's own volumes, where no VM belongs: boot banks, scratch, core dumps, the system's data. */
const systemType = /^(?:vfat|vffs|vmfsos|vmfs-l)\b/i;
const systemName = /^(?:OSDATA-|BOOTBANK\d*$)/;

/**
 * `storage filesystem list`, without ESXi's own volumes. A volume that is not mounted has no mount point, sizes or
 * (seldom) name there: it gets the mount point it would have, zeros, and its UUID as its name.
 */
export function parseFilesystemList(text: string): Parsed<readonly Datastore[]> {
  const columns = ["mountpoint", "volumename", "uuid", "mounted", "type", "size", "free"];
  return readEach(parseRows(withoutSkippedVolumes(text), columns), (row) => {
    const type = row.get("type") ?? "";
    const name = row.get("volumename") ?? "";
    return systemType.test(type) || systemName.test(name) ? [] : datastoreIn(row);
  });
}

function datastoreIn(row: EsxcliRow): readonly Datastore[] | undefined {
  const mounted = row.get("mounted") === "true";
  const mountPoint = row.get("mountpoint") ?? "";
  const uuid = row.get("uuid") || mountPoint.replace("/vmfs/volumes/", "");
  const capacityBytes = numberIn(row, "size") ?? (mounted ? undefined : 0);
  const freeBytes = numberIn(row, "free") ?? (mounted ? undefined : 0);
  const isSure = mounted || row.get("mounted") === "false";
  if (!isSure || uuid === "" || capacityBytes === undefined || freeBytes === undefined) return undefined;
  return [
    {
      name: row.get("volumename") || uuid,
      mountPoint: mountPoint || `/vmfs/volumes/${uuid}`,
      uuid,
      type: row.get("type") ?? "",
      mounted,
      capacityBytes,
      freeBytes,
    },
  ];
}

/** A volume that can't be opened is skipped with a line on stderr, wherever that falls in merged output. */
function withoutSkippedVolumes(text: string): string {
  const lines = text.split("\n");
  return lines.filter((line) => !line.startsWith("Error getting data for filesystem on ")).join("\n");
}

/** `network vswitch standard portgroup list`. */
export function parsePortGroupList(text: string): Parsed<readonly PortGroup[]> {
  return readEach(parseRows(text, ["name", "virtualswitch", "vlanid"]), (row) => {
    const vlanId = numberIn(row, "vlanid");
    if (vlanId === undefined) return undefined;
    return [{ name: row.get("name") ?? "", virtualSwitch: row.get("virtualswitch") ?? "", vlanId }];
  });
}

export interface EsxiVersion {
  /** `8.0.1`. */
  readonly version: string;
  /** `21813344`. */
  readonly build: string | undefined;
}

/** `vmware -v`, `vmware -l` (without a build), or `system version get`. */
export function parseVersion(text: string): Parsed<EsxiVersion> {
  const line = /^VMware ESXi? (\d{1,3}(?:\.\d{1,3}){1,3})(?: build-(\d{1,12}))?/m.exec(text);
  if (line?.[1] !== undefined) return { ok: { version: line[1], build: line[2] } };
  const rows = parseRows(text, ["version", "build"]);
  if ("failed" in rows) return rows;
  const version = rows.ok[0]?.get("version") ?? "";
  if (!/^\d{1,3}(?:\.\d{1,3}){1,3}$/.test(version)) return { failed: `no version in: ${excerpt(text)}` };
  return { ok: { version, build: /(\d{1,12})$/.exec(rows.ok[0]?.get("build") ?? "")?.[1] } };
}

/** `undefined` from `read`: the row can't be read, and the list fails. */
function readEach<T>(
  rows: Parsed<readonly EsxcliRow[]>,
  read: (row: EsxcliRow) => readonly T[] | undefined,
): Parsed<readonly T[]> {
  if ("failed" in rows) return rows;
  const values: T[] = [];
  for (const row of rows.ok) {
    const value = read(row);
    if (value === undefined) return { failed: `a line can't be read: ${excerpt([...row.values()].join(" "))}` };
    values.push(...value);
  }
  return { ok: values };
}

function numberIn(row: EsxcliRow, column: string): number | undefined {
  const digits = (row.get(column) ?? "").trim();
  return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
}
