/** VMs as a lab has them: names, notes, sizes and states drawn from the host's seed; some over each threshold. */
import type { SimPower, ToolsState, VmOptions } from "../words.ts";
import { addVm } from "./registry.ts";
import type { World } from "./world.ts";

const roles = [
  "web",
  "db",
  "build",
  "mail",
  "dns",
  "git",
  "cache",
  "proxy",
  "win",
  "test",
  "monitor",
  "backup",
] as const;
const places = ["prod", "lab", "dev", "old"] as const;

/** Each stands for a trap that real inventories hold. */
const peculiar: readonly Partial<VmOptions>[] = [
  { name: "template", note: "golden image" },
  { name: "template", folder: "template_1" },
  { name: "Jump Box [do not touch]", note: "ask the platform team first" },
  { name: "Müllers Rechner", note: "Gehört Jürgen; läuft seit 2019" },
  { name: "notes", note: "Rocky Linux 9\nautostart\n\n12     x   [datastore1] a/a.vmx   otherGuest   vmx-19" },
  { name: 'the "quoted" one', note: 'owner = "ops",\nowner = "dev"' },
  { name: "経理サーバ", note: "月末まで停止禁止" },
];

export function fillWithFleet(world: World, count: number): void {
  for (let index = 0; index < count; index += 1) addVm(world, nextVm(world, index));
  ageOfEverything(world);
}

function nextVm(world: World, index: number): VmOptions {
  const { random } = world;
  const odd = index % 9 === 8 ? peculiar[Math.floor(index / 9)] : undefined;
  const name = odd?.name ?? `${random.pick(roles)}-${random.pick(places)}-${String(index + 1).padStart(2, "0")}`;
  return {
    name,
    datastore: random.chance(0.7) ? "datastore1" : "ssd_2t",
    ...sizeOf(world, index),
    power: powerOf(world),
    tools: random.pick<ToolsState>([
      "toolsOk",
      "toolsOk",
      "toolsOk",
      "toolsOld",
      "toolsNotRunning",
      "toolsNotInstalled",
    ]),
    ignoresShutdown: random.chance(0.05),
    note: random.chance(0.3) ? `${random.pick(["owner", "Kontakt", "ticket"])}: ${random.hex(6)}` : "",
    ...odd,
  };
}

/** Some at, some over the thresholds of ECoMan's defaults: 5 CPUs, 8192 MB, 50 GB. */
function sizeOf(world: World, index: number): Pick<VmOptions, "numCpu" | "memoryMb" | "committedBytes"> {
  const { random } = world;
  const big = index % 7;
  return {
    numCpu: big === 3 ? random.pick([5, 8, 12]) : random.pick([1, 2, 2, 4]),
    memoryMb: big === 4 ? random.pick([8192, 16_384, 32_768]) : random.pick([512, 1024, 2048, 4096]),
    committedBytes:
      (big === 5 ? random.between(50, 400) : random.between(2, 40)) * 1_000_000_000 + random.between(0, 999_999),
  };
}

function powerOf(world: World): SimPower {
  const draw = world.random.next();
  return draw < 0.62 ? "ON" : draw < 0.95 ? "OFF" : "SUSPENDED";
}

/** Running VMs have been up for days, not since the simulator's start. */
function ageOfEverything(world: World): void {
  for (const vm of world.vms) {
    if (vm.bootedAt === null) continue;
    vm.bootedAt = Math.max(world.bootedAt + 60_000, Date.now() - world.random.between(60, 40 * 86_400) * 1000);
    vm.upSince = vm.bootedAt;
  }
}
