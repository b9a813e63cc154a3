/** The real app on hosts that fail one by one, beside a steady one whose crawl must go on all the while. */
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import type { HostOptions, SimulatedHost } from "../../simulator/types.ts";
import { type SimulatedApp, type SimulatedAppOptions, startSimulatedApp } from "../harness/simulated-app.ts";
import { areAll, idsOf, type NodeNow, nodeNow, powerOf, untilNode } from "./node-watch.ts";

export const intervalSeconds = 2;

export interface FaultLab extends AsyncDisposable {
  readonly app: SimulatedApp;
  readonly url: string;
  host(name: string): SimulatedHost;
  /** The node as it was when all was well. */
  before(name: string): NodeNow;
  /** Lets the fault begin, and waits until the node shows it. */
  meet(name: string, fault: () => unknown, status: string): Promise<Met>;
  /** Resolves when the node and all its VMs are as they were. */
  untilWell(name: string): Promise<NodeNow>;
  /** When each scan of the steady node was that ended so far, in ms. */
  readonly steadyScans: readonly number[];
}

export interface Met {
  readonly node: NodeNow;
  /** From the first attempt that met the fault until the API showed it; from the fault's beginning where no host can tell. */
  readonly seconds: number;
}

const steady = "steady";
const vms = [
  { name: "runs", power: "ON" },
  { name: "stopped", power: "OFF" },
  { name: "sleeps", power: "SUSPENDED" },
] as const;

export interface FaultLabOptions extends SimulatedAppOptions {
  /** Hosts that are never well at the start. */
  readonly ill?: readonly string[];
}

/** Names of hosts, each with what is special about it. Each has a running, a stopped and a suspended VM. */
export async function startFaultLab(
  hosts: Readonly<Record<string, HostOptions>>,
  { ill = [], ...options }: FaultLabOptions = {},
): Promise<FaultLab> {
  const names = [...Object.keys(hosts), steady];
  const list = names.map((name) => ({ name, vms, ...hosts[name] }));
  const app = await startSimulatedApp({ hosts: list, intervalSeconds, ...options });
  const { url, simulator } = app;
  const well = new Map<string, NodeNow>();
  for (const name of names) {
    well.set(name, await untilNode({ url, name }, (node) => isWell(node) || ill.includes(name)));
  }
  const ending = new AbortController();
  const steadyScans: number[] = [];
  const watching = watchSteady(app, steadyScans, ending.signal);

  function before(name: string): NodeNow {
    const node = well.get(name);
    if (node === undefined) throw new Error(`There is no host ${name} here.`);
    return node;
  }

  return {
    app,
    get url() {
      return app.url;
    },
    host: (name) => simulator.host(name),
    before,
    steadyScans,
    async meet(name, fault, status) {
      const attempt = firstAttempt(simulator.host(name));
      const startedAt = Date.now();
      await fault();
      const node = await untilNode({ url: app.url, name }, (now) => now.status === status);
      attempt.abort();
      return { node, seconds: (Date.now() - ((await attempt.at) ?? startedAt)) / 1000 };
    },
    untilWell: (name) =>
      untilNode(
        { url: app.url, name },
        (now) => isWell(now) && JSON.stringify(idsOf(now)) === JSON.stringify(idsOf(before(name))),
      ),
    async [Symbol.asyncDispose]() {
      ending.abort();
      await watching;
      await app[Symbol.asyncDispose]();
    },
  };
}

function isWell(node: NodeNow): boolean {
  const isKnown = Object.values(powerOf(node)).every((power) => power !== "UNKNOWN");
  return node.status === "ONLINE" && node.statusMessage === null && areAll(node, false) && isKnown;
}

/** When the host sees the next connection or channel. */
function firstAttempt(host: SimulatedHost): { readonly at: Promise<number | undefined>; abort(): void } {
  const { connections, channels } = host.sshCounts();
  const ending = new AbortController();
  const look = async (): Promise<number | undefined> => {
    while (!ending.signal.aborted) {
      const now = host.sshCounts();
      if (now.connections > connections || now.channels > channels) return Date.now();
      await delay(10);
    }
    return undefined;
  };
  return { at: look(), abort: () => ending.abort() };
}

async function watchSteady(app: SimulatedApp, scans: number[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // Between two lives of the server nobody answers.
    const node = await nodeNow(app.url, steady).catch(() => undefined);
    const at = Date.parse(node?.lastScan?.at ?? "");
    if (Number.isFinite(at) && scans.at(-1) !== at) scans.push(at);
    await delay(100, undefined, { signal }).catch(() => undefined);
  }
}

/** No VM left, changed its identity or lost what was known of it. */
export function expectKept(now: NodeNow, before: NodeNow): void {
  expect(idsOf(now)).toEqual(idsOf(before));
  expect(now.vms.nodes.map(({ name, observedAt }) => [name, observedAt !== null])).toEqual(
    before.vms.nodes.map(({ name }) => [name, true]),
  );
}

/** Nothing of the host is seen: all is as last known, and says so. */
export function expectStale(now: NodeNow, before: NodeNow): void {
  expectKept(now, before);
  expect(powerOf(now)).toEqual(powerOf(before));
  expect(areAll(now, true)).toBe(true);
}

/** The steady node's pace over the last so many seconds: half of what it should be is allowed to a busy machine. */
export function expectSteadyPace({ steadyScans }: FaultLab, seconds: number): void {
  const since = Date.now() - seconds * 1000;
  const scans = steadyScans.filter((at) => at >= since).length;
  expect(scans).toBeGreaterThanOrEqual(Math.floor(seconds / intervalSeconds / 2));
}
