/**
 * A host of 100 VMs where each vim-cmd takes 300 ms, crawled every 10 s: how soon its power changes reach a subscriber, how
 * soon every summary comes round, and how soon a power action begins in mid-scan.
 */
import { setTimeout as delay } from "node:timers/promises";
import { createRandom, type Random } from "../../simulator/random.ts";
import { query } from "../harness/graphql.ts";
import { until } from "../harness/until.ts";
import { type OpenSshApp, startOpenSshApp } from "../openssh/openssh-app.ts";
import type { StubVm } from "../openssh/world.ts";
import type { Figures, Scenario, ScenarioOptions } from "./scenario.ts";
import { act, type MidScanAction, untilMidScan } from "./slow-host/mid-scan-action.ts";
import { followPower, type PowerEvents } from "./slow-host/power-events.ts";

export const slowHost: Scenario = {
  name: "slow-host",
  about: "100 VMs under OpenSSH, 300 ms a vim-cmd: power changes are seen, summaries come round, actions begin at once",
  rounds: 200,
  run,
};

export const slowHostVms = 100;
export const slowHostIntervalSeconds = 10;

const vms = Array.from(
  { length: slowHostVms },
  (_, i): StubVm => ({ vmid: i + 1, name: `vm-${i + 1}`, power: i % 2 ? "off" : "on" }),
);

const told = { on: "ON", off: "OFF", suspended: "SUSPENDED" } as const;

/** A round is one VM whose power changes on the host; with every third one another VM is switched through the API. */
async function run({ seed, rounds, onProgress = () => undefined }: ScenarioOptions): Promise<Figures> {
  const from = Date.now();
  await using app = await startOpenSshApp({
    vms,
    intervalSeconds: slowHostIntervalSeconds,
    delays: { "vim-cmd": 0.3, esxcli: 0.15 },
  });
  await until(async () => (await readVms(app)).length === slowHostVms, { what: "the first listing" });
  const listedMs = Date.now() - from;
  await until(() => scansIn(app).length >= 2, { withinMs: 60_000, what: "two scans" });
  const events = await followPower(app.url);
  const busy = new Set<string>();
  const random = createRandom(seed, "slow-host");
  const [changes, actions, roundSeconds] = await Promise.all([
    changePower({ app, events, busy, random, rounds }, onProgress),
    switchPower({ app, events, busy, random, rounds: Math.ceil(rounds / 3) }),
    timeOfOneRound(app),
  ]);
  events.stop();
  return { listedMs, roundSeconds, ...figuresOf(changes, actions, app) };
}

interface Play {
  readonly app: OpenSshApp;
  readonly events: PowerEvents;
  /** Names of VMs that are being changed. */
  readonly busy: Set<string>;
  readonly random: Random;
  readonly rounds: number;
}

/** At random moments, behind the server's back. Answers after how many ms the subscriber was told. */
async function changePower(play: Play, onProgress: (line: string) => void): Promise<readonly number[]> {
  const { app, events, busy, random, rounds } = play;
  const seen: Promise<number>[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    await delay(random.between(200, 5_000));
    const { vmid, name } = random.pick(vms.filter((vm) => !busy.has(vm.name)));
    busy.add(name);
    const power = (await app.world.power(vmid)) === "on" ? random.pick(["off", "suspended"] as const) : "on";
    const since = Date.now();
    await app.world.setPower(vmid, power);
    seen.push(events.delayOf({ name, power: told[power], since }).finally(() => busy.delete(name)));
    if (round % 10 === 0) onProgress(`${round} power changes`);
  }
  return Promise.all(seen);
}

/** Through the API, in the middle of scans; VMs that were read last, so that the scan does not come to them again. */
async function switchPower({ app, busy, rounds }: Play): Promise<readonly MidScanAction[]> {
  const actions: MidScanAction[] = [];
  while (actions.length < rounds) {
    await untilMidScan(app);
    const vm = (await readVms(app)).find(
      ({ name, powerState }) => !busy.has(name) && (powerState === "ON" || powerState === "OFF"),
    );
    if (vm === undefined) throw new Error("every VM is busy");
    busy.add(vm.name);
    actions.push(await act(app, { ...vm, action: vm.powerState === "ON" ? "OFF" : "ON" }));
    const expected = vm.powerState === "ON" ? "off" : "on";
    await until(async () => (await app.world.power(vm.vmid)) === expected);
    await until(async () =>
      (await readVms(app)).some(({ name, powerState }) => name === vm.name && powerState === told[expected]),
    );
    busy.delete(vm.name);
  }
  return actions;
}

/** From now until every summary has been read anew, in seconds. */
async function timeOfOneRound(app: OpenSshApp): Promise<number> {
  const from = Date.now();
  const isRound = async (): Promise<boolean> => {
    await delay(500);
    return (await readVms(app)).every(({ observedAt }) => Date.parse(observedAt ?? "") > from);
  };
  await until(isRound, { withinMs: 300_000, what: "every summary to come round" });
  return Math.round((Date.now() - from) / 100) / 10;
}

interface ToldVm {
  readonly id: string;
  readonly vmid: number;
  readonly name: string;
  readonly powerState: string;
  readonly observedAt: string | null;
}

/** The last read first. */
async function readVms({ url }: OpenSshApp): Promise<readonly ToldVm[]> {
  const text = "{ vms(first: 1000) { nodes { id vmid name powerState observedAt } } }";
  const { vms } = await query<{ vms: { nodes: readonly ToldVm[] } }>(url, text);
  return vms.nodes.toSorted((one, other) => ((one.observedAt ?? "") > (other.observedAt ?? "") ? -1 : 1));
}

interface Scanned {
  readonly durationMs: number;
  readonly read: number;
}

function scansIn({ logLines }: OpenSshApp): readonly Scanned[] {
  return logLines.filter((line) => line.includes('"msg":"Scanned.')).map((line) => JSON.parse(line) as Scanned);
}

function figuresOf(changes: readonly number[], actions: readonly MidScanAction[], app: OpenSshApp): Figures {
  const scans = scansIn(app);
  return {
    scans: scans.length,
    ...spread(
      "scanMs",
      scans.map(({ durationMs }) => durationMs),
    ),
    ...spread(
      "summariesPerScan",
      scans.map(({ read }) => read),
    ),
    changes: changes.length,
    ...spread("changeSeenMs", changes),
    actions: actions.length,
    actionsWhileTheScanWentOn: actions.filter(({ scanWentOn }) => scanWentOn).length,
    ...spread(
      "actionStartMs",
      actions.map(({ startMs }) => startMs),
    ),
    ...spread(
      "actionSentMs",
      actions.map(({ sentMs }) => sentMs),
    ),
  };
}

function spread(name: string, values: readonly number[]): Figures {
  const sorted = values.toSorted((a, b) => a - b).map(Math.round);
  const at = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN;
  return { [`${name}Min`]: at(0), [`${name}Median`]: at(0.5), [`${name}Max`]: at(1) };
}
