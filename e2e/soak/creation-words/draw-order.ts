/** Orders of all kinds that are allowed, at the edges of what is. */
import type { CreationOrder } from "../../../server/esxi/creation.ts";
import type { Random } from "../../../simulator/random.ts";
import { datastoreMount } from "../../openssh/esxi-texts.ts";
import { drawLine, drawText } from "./draw-text.ts";

/** Guest ids, with what a .vmx file calls them. */
export const guestSystems: ReadonlyMap<string, string> = new Map([
  ["otherGuest", "other"],
  ["otherGuest64", "other-64"],
  ["otherLinux64Guest", "otherlinux-64"],
  ["other5xLinux64Guest", "other5xlinux-64"],
  ["debian12_64Guest", "debian12-64"],
  ["ubuntu64Guest", "ubuntu-64"],
  ["ubuntuGuest", "ubuntu"],
  ["rhel9_64Guest", "rhel9-64"],
  ["sles15_64Guest", "sles15-64"],
  ["freebsd13_64Guest", "freebsd13-64"],
  ["windows2019srv_64Guest", "windows2019srv-64"],
  ["windows9Server64Guest", "windows9srv-64"],
  ["windows11_64Guest", "windows11-64"],
  ["vmwarePhoton64Guest", "vmware-photon-64"],
]);

const firsts = "ABCXYZabcxyz0189";
const others = `${firsts} ._()+-`;
const remarkable = [
  "a",
  "0",
  "Z".repeat(80),
  `a${" ".repeat(78)}b`,
  `1${".".repeat(78)}-`,
  "a..b",
  "made web.vmdk",
  "job 1",
  "x.vmx",
  "x-flat.vmdk",
  "x -rf (+)",
  "exit 0",
  "END-0",
  "a (1) - Copy",
  "  ".padStart(3, "a").padEnd(4, "-"),
];

export function drawOrder(random: Random, id: string): CreationOrder {
  return {
    jobId: id,
    mountPoint: datastoreMount,
    blueprint: {
      name: drawName(random),
      numCpu: random.pick([1, 2, 7, 64, 768]),
      memorySizeMb: random.pick([4, 512, 2048, 24_600, 6_291_456]),
      diskSizeGb: random.pick([1, 40, 999, 63_488]),
      guestId: random.pick([...guestSystems.keys()]),
      hardwareVersion: random.between(4, 22),
      firmware: random.pick(["BIOS", "EFI"]),
      diskController: random.pick(["pvscsi", "lsisas1068", "lsilogic"]),
      ethernetCard: random.pick(["vmxnet3", "e1000e", "e1000"]),
      portGroup: random.chance(0.1) ? "VM Network" : drawLine(random, 6),
      isoPath: random.chance(0.2) ? null : drawIsoPath(random),
      comment: drawText(random),
    },
  };
}

export function drawName(random: Random): string {
  if (random.chance(0.1)) return random.pick(remarkable);
  const length = random.pick([1, 2, random.between(3, 30), random.between(3, 30), 79, 80]);
  const drawn = Array.from({ length }, (_, at) => random.pick((at === 0 ? firsts : others).split(""))).join("");
  return drawn.replace(/[ .]$/, "x");
}

function drawIsoPath(random: Random): string {
  const parts = Array.from({ length: random.between(0, 3) }, () => drawPart(random));
  return [datastoreMount, ...parts, `${drawPart(random)}.iso`].join("/");
}

/** As a file system takes them. */
function drawPart(random: Random): string {
  const part = drawLine(random, 4)
    .replaceAll("/", "_")
    // oxlint-disable-next-line no-control-regex
    .replaceAll(/[\x00-\x1f\x7f]/g, "_");
  return part === "." || part === ".." ? "dots" : part;
}
