/** Crawlers of several servers over one store and the same hosts; who holds what is decided by the test. */
import { onTestFinished } from "vitest";
import { AppError } from "../../errors.ts";
import { createFleet } from "../../fleet.ts";
import type { Log } from "../../log.ts";
import type { NodeName } from "../../model.ts";
import type { Lease } from "../../store/leases.ts";
import type { InventoryChange, Pulse } from "../../store/store.ts";
import { type Crawler, type CrawlerOptions, createCrawler, type HeldFrom } from "../crawler.ts";
import { minute } from "./crawl-over.ts";
import { createFakeDriver, type FakeDriver } from "./fake-driver.ts";
import { type FakeHost, fakeHost } from "./fake-host.ts";
import { createManualClock, type ManualClock } from "./manual-clock.ts";
import { createMemoryStore, type MemoryStore } from "./memory-store.ts";

export interface CrawlServer {
  readonly crawler: Crawler;
  /** The driver that it has now. */
  readonly driver: (name: NodeName) => FakeDriver;
  /** How many drivers it has closed. */
  readonly closed: () => number;
  /** Warnings and errors. */
  readonly complaints: readonly string[];
  /** Takes the node from whoever has it; what that one still writes is refused. */
  take(name: NodeName, from?: HeldFrom): Promise<void>;
}

export interface SharedStore extends Omit<MemoryStore, "apply" | "pulse"> {
  apply: (change: InventoryChange, under?: Lease) => Promise<string>;
  pulse: (pulse: Pulse, under?: Lease) => Promise<void>;
  loads: number;
}

export interface Servers {
  readonly clock: ManualClock;
  readonly store: SharedStore;
  readonly start: (options?: Partial<CrawlerOptions>) => CrawlServer;
}

export function serversOver(hosts: Readonly<Record<NodeName, FakeHost>>): Servers {
  const clock = createManualClock();
  const fences = new Map<NodeName, number>();
  const store = guarded(fences);

  return {
    clock,
    store,
    start(options = {}) {
      const drivers = new Map<NodeName, FakeDriver>();
      const complaints: string[] = [];
      let closed = 0;
      const fleet = createFleet(({ name }) => {
        const driver = createFakeDriver(hosts[name] ?? fakeHost(), clock);
        drivers.set(name, driver);
        return Object.assign(driver, { close: async () => void (closed += 1) });
      });
      const log = logTo(complaints);
      const crawler = createCrawler({ fleet, store, intervalMs: minute, clock, log, random: () => 0.5, ...options });
      onTestFinished(() => crawler.close());
      return {
        crawler,
        complaints,
        closed: () => closed,
        driver(name) {
          const driver = drivers.get(name);
          if (driver === undefined) throw new Error(`No driver for ${name} was made.`);
          return driver;
        },
        async take(name, from = "another server") {
          const fence = (fences.get(name) ?? 0) + 1;
          fences.set(name, fence);
          await crawler.hold({ node: name, fence }, from);
        },
      };
    },
  };
}

/** Refuses what is written under an older fence, as every store for several servers does. */
function guarded(fences: ReadonlyMap<NodeName, number>): SharedStore {
  const store = createMemoryStore();
  const check = (lease: Lease | undefined): void => {
    if (lease === undefined) throw new Error("A crawler writes only under a lease.");
    if (fences.get(lease.node) !== lease.fence)
      throw new AppError("LEASE_LOST", `Another server holds ${lease.node} by now.`);
  };
  const shared: SharedStore = {
    ...store,
    loads: 0,
    async apply(change, under) {
      check(under);
      return store.apply(change);
    },
    async pulse(pulse, under) {
      check(under);
      return store.pulse(pulse);
    },
    load() {
      shared.loads += 1;
      return store.load();
    },
  };
  return shared;
}

function logTo(complaints: string[]): Log {
  const complain = (_: object, message: string) => void complaints.push(message);
  return { debug: () => undefined, info: () => undefined, warn: complain, error: complain };
}
