/** Garbled scans, one or several in a row, the same noise or another, soon or after ten minutes: nothing may be lost. */
import type { InventoryChange } from "../../server/store/store.ts";
import { createRandom } from "../../simulator/random.ts";
import { esxiVersions } from "../../simulator/words.ts";
import type { Figures, Scenario, ScenarioOptions } from "../soak/scenario.ts";
import { createGarbler } from "./garble.ts";
import { type Known, knownIn, lossesIn, remainsIn, swapsIn } from "./judge.ts";
import { type HostRecordings, recordHost } from "./record.ts";
import { type Replay, startReplay } from "./replay.ts";

export const garbled: Scenario = {
  name: "garbled",
  about: "scans garbled at random: no VM is removed or blanked, and a sound scan sets all right",
  rounds: 100_000,
  run: runGarbled,
};

interface Counts {
  garbledScans: number;
  /** Of them, those of which nothing was used. */
  refused: number;
  failures: string[];
}

/** So many garbled scans are made on one host before the next. */
const perHost = 2_000;
const shownFailures = 40;

async function runGarbled({ seed, rounds, onProgress }: ScenarioOptions): Promise<Figures> {
  const counts: Counts = { garbledScans: 0, refused: 0, failures: [] };
  for (let part = 0; part * perHost < rounds; part += 1) {
    const version = esxiVersions[part % esxiVersions.length] ?? "8.0.1";
    await onHost(await recordHost(version), {
      seed: seed + part,
      rounds: Math.min(perHost, rounds - part * perHost),
      counts,
    });
    onProgress?.(`${counts.garbledScans} of ${rounds} garbled scans, ${counts.failures.length} failures`);
  }
  const { failures, ...figures } = counts;
  if (failures.length > 0) {
    throw new Error(`${failures.length} promises did not hold:\n${failures.slice(0, shownFailures).join("\n")}`);
  }
  return figures;
}

interface Share {
  readonly seed: number;
  readonly rounds: number;
  readonly counts: Counts;
}

async function onHost(host: HostRecordings, { seed, rounds, counts }: Share): Promise<void> {
  const random = createRandom(seed, "rounds");
  const garbler = createGarbler(seed);
  const outputs = [host.sound, host.troubled, host.hurried, host.restart.half].map(({ stdout }) => stdout);
  const changes: InventoryChange[] = [];
  const replay = await startReplay({
    output: { stdout: host.sound.stdout, exitCode: 0 },
    onChange: (change) => void changes.push(change),
  });
  const known = await settle(replay, host);
  for (let round = 0; round < rounds; ) {
    changes.length = 0;
    const inARow = Math.min(random.pick([1, 1, 2, 2, 3, 10]), rounds - round);
    const isSame = random.chance(0.5);
    const base = random.pick([host.troubled, host.troubled, host.hurried]).stdout;
    for (let scan = 0; scan < inARow; scan += 1, round += 1) {
      if (scan === 0 || !isSame) replay.output = { stdout: garbler.garble(base, outputs), exitCode: 0 };
      const failure = await replay.scan(random.pick([0, 0, 60_000, 600_000]));
      counts.garbledScans += 1;
      if (failure?.code === "OUTPUT_DAMAGED") counts.refused += 1;
    }
    const where = `${host.version}, seed ${seed}, garbled scan ${round}`;
    const losses = changes.flatMap((change) => [...lossesIn(change, known), ...swapsIn(change, known)]);
    const after = await remaining(replay, host, known);
    for (const failure of new Set([...losses, ...after])) counts.failures.push(`${where}: ${failure}`);
    if (after.length > 0) break;
  }
  await replay.close();
}

async function settle(replay: Replay, { sound, troubled }: HostRecordings): Promise<Known> {
  for (const { stdout } of [sound, troubled, troubled]) {
    replay.output = { stdout, exitCode: 0 };
    await replay.scan(60_000);
  }
  return knownIn(await replay.stored());
}

/** What noise made up needs two sound scans to be gone. */
async function remaining(replay: Replay, { troubled }: HostRecordings, known: Known): Promise<readonly string[]> {
  replay.output = { stdout: troubled.stdout, exitCode: 0 };
  await replay.scan(60_000);
  if (remainsIn(await replay.stored(), known).length === 0) return [];
  await replay.scan(60_000);
  await replay.scan(60_000);
  return remainsIn(await replay.stored(), known);
}
