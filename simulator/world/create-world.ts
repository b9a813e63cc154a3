/** A host as the seed makes it: hardware, datastores and port groups of a lab; VMs come from fleet.ts or from a test. */
import { InMemoryFs } from "just-bash";
import type { Random } from "../random.ts";
import { createRandom } from "../random.ts";
import { releaseOf } from "../release.ts";
import type { Action, EsxiVersion } from "../words.ts";
import { layOutDatastores, writeInventory } from "./files.ts";
import { createHostFiles } from "./host-files.ts";
import { createProcesses } from "./processes.ts";
import type { Datastore } from "./vm.ts";
import type { Hardware, PortGroup, Timing, World } from "./world.ts";

export interface WorldOptions {
  readonly name: string;
  readonly seed: number;
  readonly version: EsxiVersion;
  readonly timing: Timing;
  readonly acceptsPaths: boolean;
  readonly answersConfigOptions: boolean;
  readonly log: (action: Action) => void;
}

export async function createWorld(options: WorldOptions): Promise<World> {
  const random = createRandom(options.seed, options.name);
  const release = releaseOf(options.version);
  const world: World = {
    name: options.name,
    release,
    hardware: pickHardware(random),
    datastores: makeDatastores(random, release.namedBootBanks),
    portGroups: makePortGroups(random),
    bootedAt: Date.now() - random.between(3, 90) * 86_400_000,
    boots: 1,
    vms: [],
    tasks: [],
    files: new InMemoryFs(),
    get hostFiles() {
      return hostFiles;
    },
    ramdisk: makeRamdisk(),
    extents: new Map(),
    held: new Set(),
    processes: createProcesses(),
    random,
    timing: options.timing,
    acceptsPaths: options.acceptsPaths,
    answersConfigOptions: options.answersConfigOptions,
    hostd: "up",
    nextVmid: release.vmidStep,
    nextWorldId: 2_100_000 + random.between(0, 9999),
    nextTask: 2826,
    nextQuestion: 11,
    log: options.log,
  };
  const hostFiles = createHostFiles(world);
  await layOutDatastores(world);
  writeInventory(world);
  return world;
}

const GiB = 2 ** 30;

function pickHardware(random: Random): Hardware {
  const [cores, memoryGb] = random.pick([
    [8, 64],
    [12, 128],
    [16, 128],
    [24, 256],
  ] as const);
  return {
    vendor: "Supermicro",
    model: "SYS-5019D-FN8TP",
    packages: 1,
    cores,
    threads: cores * 2,
    cpuMhz: 2194,
    cpuModel: "Intel(R) Xeon(R) D-2183IT CPU @ 2.20GHz",
    memoryBytes: memoryGb * GiB - 176_160_768,
  };
}

function makeDatastores(random: Random, namedBootBanks: boolean): Datastore[] {
  const uuid = (): string => `${random.hex(8)}-${random.hex(8)}-${random.hex(4)}-${random.hex(12)}`;
  const at = (name: string, type: string, size: readonly [sizeBytes: number, usedShare: number]): Datastore => ({
    name,
    uuid: uuid(),
    type,
    sizeBytes: size[0],
    freeBytes: Math.round(size[0] * (1 - size[1])),
    system: type === "vfat" || type === "VFFS",
    mount: "writable",
    writesLeft: null,
  });
  const bank = (name: string): Datastore => at(namedBootBanks ? name : "", "vfat", [4_293_591_040, 0.05]);
  const nfs = { ...at("nas01 backup", "NFS", [8_001_563_222_016, 0.7]), uuid: `${random.hex(8)}-${random.hex(8)}` };
  const local = [
    at("datastore1", "VMFS-6", [1_999_844_147_200, 0.45]),
    at("ssd_2t", "VMFS-6", [2_000_112_582_656, 0.8]),
  ];
  const system = namedBootBanks ? [at(`OSDATA-${uuid()}`, "VFFS", [10_468_982_784, 0.5])] : [];
  return [...local, nfs, ...system, bank("BOOTBANK1"), bank("BOOTBANK2")];
}

/** /tmp is a small ramdisk; its size is a guess. */
function makeRamdisk(): Datastore {
  const sizeBytes = 256 * 2 ** 20;
  const common = { uuid: "", type: "ramdisk", system: true, mount: "writable", writesLeft: null } as const;
  return { ...common, name: "/tmp", sizeBytes, freeBytes: sizeBytes };
}

function makePortGroups(random: Random): PortGroup[] {
  return [
    { name: "VM Network", virtualSwitch: "vSwitch0", vlanId: 0 },
    { name: "Management Network", virtualSwitch: "vSwitch0", vlanId: 0 },
    { name: "Lab (isolated)", virtualSwitch: "vSwitch1", vlanId: random.between(2, 200) },
    { name: "Trunk", virtualSwitch: "vSwitch1", vlanId: 4095 },
  ];
}
