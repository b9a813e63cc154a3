/** Whether hostd takes a .vmx. That it refuses these is known from what people report; the texts of the refusals are guesses. */
import type { Fault } from "../text/fault.ts";
import { badVmConfig } from "../text/fault.ts";
import { guestByVmxName } from "./guests.ts";
import type { VmxText } from "./vmx-text.ts";
import type { World } from "./world.ts";

export function refusalOfVmx(world: World, { entries, repeated }: VmxText): Fault | null {
  if (!entries.has("config.version")) return badVmConfig("The configuration file has no config.version.");
  const [twice] = repeated;
  if (twice !== undefined) return badVmConfig(`Dictionary problem: the variable ${twice} is defined more than once.`);
  const hardware = entries.get("virtualhw.version") ?? "";
  if (!/^\d{1,2}$/.test(hardware)) return badVmConfig(`Virtual hardware version '${hardware}' is not valid.`);
  const newest = Number(world.release.hardware.replace("vmx-", ""));
  if (Number(hardware) > newest) {
    return badVmConfig(
      `Virtual hardware version 'vmx-${hardware}' is not supported by this host: it supports 'vmx-${newest}' at most.`,
    );
  }
  const guest = entries.get("guestos") ?? "other";
  if (guestByVmxName(guest, world.release.version) === undefined) {
    return badVmConfig(`Guest operating system '${guest}' is not supported by this host.`);
  }
  return sizeRefusal(entries);
}

function sizeRefusal(entries: VmxText["entries"]): Fault | null {
  const cpus = entries.get("numvcpus") ?? "1";
  if (!/^\d{1,4}$/.test(cpus) || Number(cpus) < 1) return badVmConfig(`numvcpus = '${cpus}' is not valid.`);
  const memory = entries.get("memsize") ?? "32";
  if (!/^\d{1,8}$/.test(memory) || Number(memory) < 4 || Number(memory) % 4 !== 0) {
    return badVmConfig(`memSize = '${memory}' is not valid: it must be a multiple of 4 MB.`);
  }
  return null;
}
