/** Recorded scans with each section cut at every line, emptied or replaced by a fault: nothing may be lost or made up. */
import type { Vm } from "../../server/model.ts";
import type { InventoryChange } from "../../server/store/store.ts";
import { type EsxiVersion, esxiVersions } from "../../simulator/words.ts";
import type { Scenario } from "../soak/scenario.ts";
import { type Damage, type Damages, damagesOf, isList } from "./cuts.ts";
import { inventionsIn, type Known, knownIn, lossesIn, remainsIn } from "./judge.ts";
import { type HostRecordings, type Recording, recordHost } from "./record.ts";
import { type Replay, startReplay } from "./replay.ts";

export interface CutsOptions {
  readonly version: EsxiVersion;
  /** quick: one scan of every kind of section · usual: also one that read few summaries · thorough: every summary. */
  readonly effort: "quick" | "usual" | "thorough";
}

export interface CutsFigures {
  readonly damages: number;
  readonly scans: number;
  /** One line for each promise that did not hold. */
  readonly failures: readonly string[];
}

const minute = 60_000;

/** From one damaged scan to the next, in ms: two in a row, one after more than the five minutes that a removal takes. */
const threeScans = [0, 0, 10 * minute];
const twoScans = [0, 10 * minute];
const tenScans = [0, 0, 0, minute, minute, minute, 2 * minute, 2 * minute, 10 * minute, 0];

export async function runCuts({ version, effort }: CutsOptions): Promise<CutsFigures> {
  const host = await recordHost(version);
  const totals = { damages: 0, scans: 0, failures: [] as string[] };
  for (const recording of effort === "quick" ? [host.troubled] : [host.troubled, host.hurried]) {
    const depthOf = effort === "thorough" ? () => "everywhere" as const : usualDepths(recording === host.hurried);
    const { damages, scans, failures } = await runOver(recording, host, depthOf);
    totals.damages += damages;
    totals.scans += scans;
    totals.failures.push(...failures);
  }
  return totals;
}

function usualDepths(isHurried: boolean): Damages["depthOf"] {
  if (isHurried) return (name) => (isList(name) ? "everywhere" : "not at all");
  const firstSummary = /^vm\.(?:1|16)\./;
  return (name) => (name.startsWith("vm.") && !firstSummary.test(name) ? "briefly" : "everywhere");
}

async function runOver(recording: Recording, host: HostRecordings, depthOf: Damages["depthOf"]): Promise<CutsFigures> {
  const changes: InventoryChange[] = [];
  const onChange = (change: InventoryChange): void => void changes.push(change);
  const replay = await startReplay({ output: sound(host.sound), onChange });
  await replay.scan();
  const failures: string[] = [];
  let damages = 0;
  const known = await heal(replay, host.troubled);
  for (const damage of damagesOf({ recording, depthOf })) {
    damages += 1;
    changes.length = 0;
    replay.output = damage;
    await suffer(replay, damage);
    const during = changes.flatMap((change) => [
      ...lossesIn(change, known),
      ...inventionsIn(change, known, { mayLosePower: (vm) => mayLosePower(vm, damage, recording) }),
    ]);
    replay.output = sound(host.troubled);
    await replay.scan();
    const after = remainsIn(await replay.stored(), known);
    for (const failure of new Set([...during, ...after])) failures.push(`${damage.title}: ${failure}`);
    if (after.length > 0) await replay.restart();
  }
  await replay.close();
  return { damages, scans: replay.scans, failures };
}

async function suffer(replay: Replay, { section, marksIntact }: Damage): Promise<void> {
  const mayConvince = marksIntact && isList(section);
  for (const gap of mayConvince ? tenScans : marksIntact ? threeScans : twoScans) await replay.scan(gap);
  if (!mayConvince) return;
  await replay.restart();
  for (const gap of threeScans) await replay.scan(gap);
}

/** What is known once the host's own troubles are. */
async function heal(replay: Replay, troubled: Recording): Promise<Known> {
  replay.output = sound(troubled);
  await replay.scan(minute);
  await replay.scan(minute);
  return knownIn(await replay.stored());
}

function sound({ stdout }: Recording): { readonly stdout: string; readonly exitCode: number } {
  return { stdout, exitCode: 0 };
}

/** Only what the list of running VMs tells can be lost, and only of a VM whose summary this scan did not read. */
function mayLosePower({ vmid, readError }: Vm, { section }: Damage, recording: Recording): boolean {
  const wasRead = recording.stdout.includes(` begin vm.${vmid}.`) && readError === null;
  return section === "running" && !wasRead;
}

/** A round is a version. */
export const cuts: Scenario = {
  name: "cuts",
  about: "every section of recorded scans cut at every line, emptied or replaced: nothing is lost or invented",
  rounds: esxiVersions.length,
  async run({ rounds, onProgress }) {
    const totals = { damages: 0, scans: 0 };
    for (const version of esxiVersions.slice(0, rounds)) {
      const { damages, scans, failures } = await runCuts({ version, effort: "thorough" });
      if (failures.length > 0) throw new Error(`${failures.length} did not hold:\n${failures.slice(0, 40).join("\n")}`);
      totals.damages += damages;
      totals.scans += scans;
      onProgress?.(`${version}: ${damages} damages in ${scans} scans`);
    }
    return totals;
  },
};
