/** What each known esxcli namespace has to say about the host. */
import type { Column, EsxcliAnswer, Row } from "../text/table.ts";
import { spacedUuid } from "../world/spaced-uuid.ts";
import type { Vm } from "../world/vm.ts";
import { isRunning, pathOf } from "../world/vm.ts";
import type { World } from "../world/world.ts";

type Namespace = (world: World) => EsxcliAnswer;

const string = (name: string): Column => ({ name, type: "string" });
const integer = (name: string): Column => ({ name, type: "integer" });
const boolean = (name: string): Column => ({ name, type: "boolean" });

/** One structure from `heading → value` pairs; numbers are integers. */
function structure(type: string, pairs: readonly (readonly [string, string | number])[]): EsxcliAnswer {
  const columns = pairs.map(([name, value]) => (typeof value === "number" ? integer(name) : string(name)));
  return { kind: "structure", type, columns, rows: [pairs.map(([, value]) => String(value))] };
}

export const esxcliData: Readonly<Record<string, Namespace>> = {
  "vm process list": (world) => ({
    kind: "blocks",
    type: "VirtualMachine",
    columns: [
      integer("World ID"),
      integer("Process ID"),
      integer("VMX Cartel ID"),
      string("UUID"),
      string("Display Name"),
      string("Config File"),
    ],
    rows: world.vms.filter(isRunning).sort(byWorld).map(processRow),
  }),
  "storage filesystem list": (world) => ({
    kind: "table",
    type: "FilesystemVolume",
    columns: [
      string("Mount Point"),
      string("Volume Name"),
      string("UUID"),
      boolean("Mounted"),
      string("Type"),
      integer("Size"),
      integer("Free"),
    ],
    rows: world.datastores.map((each) => [
      `/vmfs/volumes/${each.uuid}`,
      each.name,
      each.uuid,
      "true",
      each.type,
      String(each.sizeBytes),
      String(each.freeBytes),
    ]),
  }),
  "network vswitch standard portgroup list": (world) => ({
    kind: "table",
    type: "PortGroup",
    columns: [string("Name"), string("Virtual Switch"), integer("Active Clients"), integer("VLAN ID")],
    rows: world.portGroups
      .map((group): Row => [group.name, group.virtualSwitch, "1", String(group.vlanId)])
      .sort((a, b) => ((a[0] ?? "") < (b[0] ?? "") ? -1 : 1)),
  }),
  "system version get": versionGet,
  "hardware cpu global get": ({ hardware }) =>
    structure("CPUGlobalInfo", [
      ["CPU Packages", hardware.packages],
      ["CPU Cores", hardware.cores],
      ["CPU Threads", hardware.threads],
      ["Hyperthreading Active", "true"],
      ["Hyperthreading Supported", "true"],
      ["Hyperthreading Enabled", "true"],
      ["HV Support", 3],
    ]),
  "hardware memory get": ({ hardware }) =>
    structure("MemoryInfo", [
      ["Physical Memory", `${hardware.memoryBytes} Bytes`],
      ["Reliable Memory", "0 Bytes"],
      ["NUMA Node Count", 1],
    ]),
  "hardware clock get": () => value(new Date().toISOString().replace(/\.\d+Z$/, "Z")),
  "system stats uptime get": (world) => value(String((Date.now() - world.bootedAt) * 1000)),
  "system hostname get": (world) =>
    structure("Hostname", [
      ["Domain Name", ""],
      ["Fully Qualified Domain Name", world.name],
      ["Host Name", world.name],
    ]),
  "system maintenanceMode get": () => value("Disabled"),
};

function value(text: string): EsxcliAnswer {
  return { kind: "value", value: text };
}

function versionGet({ release }: World): EsxcliAnswer {
  const optional = (name: string, given: string | null): readonly (readonly [string, string])[] =>
    given === null ? [] : [[name, given]];
  return structure("Version", [
    ["Product", "VMware ESXi"],
    ["Version", release.version],
    ["Build", `Releasebuild-${release.build}`],
    ["Update", release.update],
    ...optional("Maintenance", release.maintenance),
    ...optional("Patch", release.patch),
  ]);
}

function processRow(vm: Vm): Row {
  const worldId = vm.worldId ?? 0;
  return [String(worldId), "0", String(worldId - 1), spacedUuid(vm.uuid), vm.name, pathOf(vm)];
}

function byWorld(a: Vm, b: Vm): number {
  return (a.worldId ?? 0) - (b.worldId ?? 0);
}
