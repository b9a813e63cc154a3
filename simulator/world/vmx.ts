/** Reading a .vmx, as registervm and reload do. Keys are case-insensitive; `|HH` in a value is one character. */
import type { Vm } from "./vm.ts";

export function parseVmx(text: string): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  for (const line of text.split("\n")) {
    const match = /^\s*([^#=\s]+)\s*=\s*"([^"]*)"\s*$/.exec(line);
    if (match) entries.set((match[1] ?? "").toLowerCase(), unescape(match[2] ?? ""));
  }
  return entries;
}

function unescape(value: string): string {
  return value.replaceAll(/\|([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** What of the file shows in a VM. A key that is missing changes nothing. */
export function applyVmx(vm: Vm, entries: ReadonlyMap<string, string>): void {
  vm.name = entries.get("displayname") ?? vm.name;
  vm.note = entries.get("annotation") ?? vm.note;
  vm.numCpu = Number(entries.get("numvcpus") ?? vm.numCpu);
  vm.memoryMb = Number(entries.get("memsize") ?? vm.memoryMb);
  const guest = entries.get("guestos");
  if (guest !== undefined) vm.guestId = `${guest.replaceAll("-", "_")}Guest`;
  const hardware = entries.get("virtualhw.version");
  if (hardware !== undefined) vm.hardwareVersion = `vmx-${hardware.padStart(2, "0")}`;
  vm.uuid = uuidOf(entries.get("uuid.bios")) ?? vm.uuid;
  vm.instanceUuid = uuidOf(entries.get("vc.uuid")) ?? vm.instanceUuid;
}

function uuidOf(spaced: string | undefined): string | undefined {
  const hex = spaced?.replaceAll(/[^0-9a-fA-F]/g, "").toLowerCase();
  if (hex === undefined || hex.length !== 32) return undefined;
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
