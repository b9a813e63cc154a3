/** Orders with one fault each: none of them may reach a host. */
import type { CreationOrder, VmBlueprint } from "../../../server/esxi/creation.ts";
import type { Random } from "../../../simulator/random.ts";
import { datastoreMount } from "../../openssh/esxi-texts.ts";

/** What a name can't have anywhere. */
const noName = ["/\\%\"'|#[]:*?<>$&;`!{}~^=,@\0\n\r\t\x7f\u0085é日\u202E\uD800".split(""), "😀"].flat();
const lone = ["\uD800", "\uDC00x", "x\uDBFF"];

export function spoiled(order: CreationOrder, random: Random): CreationOrder {
  const { blueprint } = order;
  const { name } = blueprint;
  const at = random.between(0, name.length);
  const broken = (): string => `${name.slice(0, at)}${random.pick(noName)}${name.slice(at)}`.slice(0, 80);
  const cut = (text: string): string => `${text}${random.pick(["\0", ...lone])}`;
  const faults: readonly (() => Partial<CreationOrder> | { blueprint: Partial<VmBlueprint> })[] = [
    () => ({ blueprint: { name: at > 79 ? `${name.slice(0, 79)}é` : broken() } }),
    () => ({ blueprint: { name: `${random.pick(" .-_()+".split(""))}${name}` } }),
    () => ({ blueprint: { name: `${name}${random.pick([" ", "."])}` } }),
    () => ({ blueprint: { name: random.pick(["", ".", "..", "../x", "x/../y", "a".repeat(81), "a".repeat(5_000)]) } }),
    () => ({ blueprint: { isoPath: random.pick(noPaths) } }),
    () => ({
      blueprint: {
        isoPath: `${datastoreMount}/a${random.pick(["\0", "\n", "\r", "\t", "\x07", "\x7f", ...lone])}b.iso`,
      },
    }),
    () => ({ blueprint: { comment: cut(blueprint.comment) } }),
    () => ({ blueprint: { portGroup: random.pick(["", cut(blueprint.portGroup)]) } }),
    () => ({ blueprint: { guestId: random.pick(["", "a b", "a'b", 'a"b', "$(id)", "a\n", "é", "a".repeat(65)]) } }),
    () => ({
      blueprint: {
        [random.pick(["numCpu", "memorySizeMb", "diskSizeGb", "hardwareVersion"] as const)]: random.pick([
          0,
          -1,
          1.5,
          Number.NaN,
          Number.POSITIVE_INFINITY,
          1e21,
        ]),
      },
    }),
    () => ({ jobId: random.pick(["", "a b", "a\nb", "../x", "a'b", "a".repeat(65)]) }),
    () => ({ mountPoint: random.pick(noMounts) }),
  ];
  const fault = random.pick(faults)();
  return "blueprint" in fault ? { ...order, blueprint: { ...blueprint, ...fault.blueprint } } : { ...order, ...fault };
}

const noPaths = [
  "",
  "a.iso",
  "/etc/passwd",
  "/vmfs/volumes/a.iso",
  "/vmfs/volumes//a.iso",
  `${datastoreMount}/`,
  `${datastoreMount}//a.iso`,
  `${datastoreMount}/../other/a.iso`,
  `${datastoreMount}/x/./a.iso`,
  `${datastoreMount}/x/..`,
  `x${datastoreMount}/a.iso`,
  "[datastore1] a.iso",
];

const noMounts = [
  "",
  "/",
  "/vmfs/volumes",
  "/vmfs/volumes/",
  "/vmfs/volumes/..",
  "/vmfs/volumes/.",
  "/vmfs/volumes/a/b",
  "vmfs/volumes/a",
  "/vmfs/volumes/a\nb",
  "/tmp/a",
];
