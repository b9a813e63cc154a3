/** The VM as the host shows it, against what was asked for. Pure. */
import type { VmBlueprint } from "../../esxi/creation.ts";
import type { VmSummary } from "../../esxi/driver.ts";

/** What differs, a phrase each. What the host does not tell is no difference. */
export function differencesOf(blueprint: VmBlueprint, summary: VmSummary): readonly string[] {
  const pairs: readonly (readonly [what: string, is: string | number | null, asked: string | number])[] = [
    ["name", summary.name, blueprint.name],
    ["numCpu", summary.numCpu, blueprint.numCpu],
    ["memorySizeMb", summary.memorySizeMb, blueprint.memorySizeMb],
    ["guestId", summary.guestId, blueprint.guestId],
    ["numEthernetCards", summary.numEthernetCards, 1],
    ["numVirtualDisks", summary.numVirtualDisks, 1],
    ["hardwareVersion", hardwareNumber(summary.hardwareVersion), blueprint.hardwareVersion],
    ["comment", summary.comment, blueprint.comment],
  ];
  return pairs.flatMap(([what, is, asked]) =>
    is === null || is === asked ? [] : [`${what} is ${shown(is)}, asked for was ${shown(asked)}`],
  );
}

function hardwareNumber(hardwareVersion: string | null): number | null {
  const digits = /^vmx-0*(\d+)$/.exec(hardwareVersion ?? "")?.[1];
  return digits === undefined ? null : Number(digits);
}

function shown(value: string | number): string {
  return typeof value === "number" ? String(value) : JSON.stringify(value.slice(0, 100));
}
