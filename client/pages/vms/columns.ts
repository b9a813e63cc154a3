/** What the list can show of a VM: as text for cells and CSV, and as a key to sort by. Pure. */
import { bytesText, memoryText, mhzText } from "../../format/size.ts";
import { durationText, momentText } from "../../format/time.ts";
import { connectionWords, powerWords, toolsText } from "../../format/words.ts";
import type { Vm } from "../../inventory/state.ts";
import { uptimeSeconds } from "../../inventory/uptime.ts";

export interface Column {
  readonly key: string;
  readonly label: string;
  /** Its least width in px, and its share of what is left. */
  readonly width: number;
  readonly grow: number;
  readonly align?: "end";
  /** `now`: this browser's clock in ms; whoever calls it is drawn anew every second. */
  readonly text: (vm: Vm, now: () => number) => string;
  /** To sort by; null comes last. Texts are compared ignoring case, numbers in them by value. */
  readonly sortBy: (vm: Vm) => string | number | null;
  /** In CSV, where it is not the text: plain numbers in the unit of `csvLabel`. */
  readonly csv?: (vm: Vm, now: () => number) => string | number | null;
  readonly csvLabel?: string;
}

interface Words {
  readonly label: string;
  readonly of: (vm: Vm) => string | null;
  /** Default 120. */
  readonly width?: number;
  /** Default 0. */
  readonly grow?: number;
}

const words = (key: string, { label, of, width = 120, grow = 0 }: Words): Column => ({
  key,
  label,
  width,
  grow,
  text: (vm) => of(vm) ?? "",
  sortBy: of,
});

interface Amount {
  readonly label: string;
  readonly csvLabel: string;
  readonly of: (vm: Vm) => number | null;
  readonly show?: (value: number | null) => string;
}

const amount = (key: string, { label, csvLabel, of, show = (value) => String(value ?? "") }: Amount): Column => ({
  key,
  label,
  width: 88,
  grow: 0,
  align: "end",
  text: (vm) => show(of(vm)),
  sortBy: of,
  csv: of,
  csvLabel,
});

const uptime: Column = {
  key: "uptime",
  label: "Uptime",
  width: 104,
  grow: 0,
  align: "end",
  text(vm, now) {
    const seconds = uptimeSeconds(vm, now);
    return seconds === null ? "" : durationText(seconds);
  },
  // By the moment it began, which does not move.
  sortBy: (vm) => vm.uptime && vm.uptime.seconds - vm.uptime.at / 1000,
  csv(vm, now) {
    const seconds = uptimeSeconds(vm, now);
    return seconds && Math.floor(seconds);
  },
  csvLabel: "Uptime (s)",
};

const yesOrNo = (value: boolean | null): string | null => (value === null ? null : value ? "yes" : "no");

export const columns: readonly Column[] = [
  words("power", { label: "Power", of: (vm) => powerWords[vm.powerState], width: 104 }),
  words("name", { label: "Name", of: (vm) => vm.name, width: 180, grow: 2 }),
  // A stale row has its age beside the name.
  words("node", { label: "Node", of: (vm) => vm.node.name, width: 164, grow: 1 }),
  words("ip", { label: "IP", of: (vm) => vm.ipAddress, width: 128 }),
  uptime,
  amount("cpu", { label: "CPU", csvLabel: "CPUs", of: (vm) => vm.numCpu }),
  amount("ram", { label: "RAM", csvLabel: "RAM (MB)", of: (vm) => vm.memorySizeMb, show: memoryText }),
  amount("storage", {
    label: "Storage",
    csvLabel: "Storage (bytes)",
    of: (vm) => vm.storageCommittedBytes,
    show: bytesText,
  }),
  words("comment", { label: "Comment", of: (vm) => vm.comment, width: 140, grow: 2 }),
  words("hostname", { label: "Hostname", of: (vm) => vm.hostname, grow: 1 }),
  words("guest", { label: "Guest system", of: (vm) => vm.guestFullName, width: 160, grow: 1 }),
  words("tools", { label: "Tools", of: (vm) => toolsText(vm.toolsStatus), width: 130 }),
  words("toolsRunning", { label: "Tools now", of: (vm) => toolsText(vm.toolsRunningStatus), width: 110 }),
  amount("cpuUse", { label: "CPU use", csvLabel: "CPU use (MHz)", of: (vm) => vm.overallCpuUsageMhz, show: mhzText }),
  amount("guestRam", {
    label: "RAM use",
    csvLabel: "Guest RAM use (MB)",
    of: (vm) => vm.guestMemoryUsageMb,
    show: memoryText,
  }),
  amount("hostRam", {
    label: "Host RAM",
    csvLabel: "Host RAM use (MB)",
    of: (vm) => vm.hostMemoryUsageMb,
    show: memoryText,
  }),
  amount("uncommitted", {
    label: "May grow",
    csvLabel: "Storage may grow by (bytes)",
    of: (vm) => vm.storageUncommittedBytes,
    show: bytesText,
  }),
  amount("disks", { label: "Disks", csvLabel: "Disks", of: (vm) => vm.numVirtualDisks }),
  amount("networkCards", { label: "NICs", csvLabel: "Network cards", of: (vm) => vm.numEthernetCards }),
  words("datastore", { label: "Datastore", of: (vm) => vm.datastore, grow: 1 }),
  words("path", { label: "File", of: (vm) => vm.datastorePath, width: 220, grow: 2 }),
  words("health", { label: "Health", of: (vm) => vm.overallStatus?.toLowerCase() ?? null, width: 84 }),
  words("connection", { label: "Reachable", of: (vm) => connectionWords[vm.connectionState], width: 110 }),
  words("hardware", { label: "Hardware", of: (vm) => vm.hardwareVersion, width: 92 }),
  words("guestId", { label: "Guest id", of: (vm) => vm.guestId, grow: 1 }),
  amount("vmid", { label: "vmid", csvLabel: "vmid", of: (vm) => vm.vmid }),
  words("uuid", { label: "UUID", of: (vm) => vm.uuid, width: 290 }),
  words("instanceUuid", { label: "Instance UUID", of: (vm) => vm.instanceUuid, width: 290 }),
  words("consolidation", { label: "Consolidate", of: (vm) => yesOrNo(vm.consolidationNeeded), width: 104 }),
  words("question", { label: "Question", of: (vm) => vm.question?.text ?? null, width: 160, grow: 1 }),
  words("readError", { label: "Reading failed", of: (vm) => vm.readError, width: 160, grow: 1 }),
  {
    ...words("observed", { label: "Read", of: (vm) => vm.observedAt, width: 168 }),
    text: (vm) => (vm.observedAt === null ? "" : momentText(vm.observedAt)),
    csv: (vm) => vm.observedAt,
  },
];

const byKey = new Map(columns.map((column) => [column.key, column]));

export function columnOf(key: string): Column | undefined {
  return byKey.get(key);
}

export const defaultColumns = ["power", "name", "node", "ip", "uptime", "cpu", "ram", "storage", "comment"] as const;
