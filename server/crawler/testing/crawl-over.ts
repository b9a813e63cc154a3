/** A crawler over fake hosts, at an interval of a minute by a clock that the test moves; everything else as in the real one. */
import { onTestFinished } from "vitest";
import type { NodeConfig } from "../../config.ts";
import { AppError, type ErrorCode } from "../../errors.ts";
import { createFleet } from "../../fleet.ts";
import { createSoleLeases } from "../../leases/sole-leases.ts";
import { silentLog } from "../../log.ts";
import { type Crawler, type CrawlerOptions, createCrawler } from "../crawler.ts";
import { createFakeDriver, type FakeDriver } from "./fake-driver.ts";
import { type FakeHost, fakeHost } from "./fake-host.ts";
import { createManualClock, type ManualClock } from "./manual-clock.ts";
import { createMemoryStore, type MemoryStore } from "./memory-store.ts";

export const minute = 60_000;

export interface Crawl {
  readonly clock: ManualClock;
  readonly store: MemoryStore;
  readonly crawler: Crawler;
  readonly driver: (name: string) => FakeDriver;
  /** Follows these nodes, and lets their first scans happen. */
  readonly begin: (...configs: readonly NodeConfig[]) => Promise<void>;
}

/** Ends with the test. */
export function crawlOver(hosts: Readonly<Record<string, FakeHost>>, store: MemoryStore = createMemoryStore()): Crawl {
  const clock = createManualClock();
  const drivers = new Map<string, FakeDriver>();
  const fleet = createFleet(({ name }) => {
    const driver = createFakeDriver(hosts[name] ?? fakeHost(), clock);
    drivers.set(name, driver);
    return driver;
  });
  const crawler = aloneOver(store, { fleet, intervalMs: minute, clock, log: silentLog, random: () => 0.5 });
  onTestFinished(() => crawler.close());
  return {
    clock,
    store,
    crawler,
    driver: (name) => {
      const driver = drivers.get(name);
      if (driver === undefined) throw new Error(`No driver for ${name} was made.`);
      return driver;
    },
    begin: async (...configs) => {
      await crawler.setNodes(configs);
      await clock.advance(2_000);
    },
  };
}

/** The crawler of a server that looks after all nodes. */
function aloneOver(store: MemoryStore, options: Omit<CrawlerOptions, "store">): Crawler {
  const crawler = createCrawler({ ...options, store });
  const holding = new Set<Promise<void>>();
  const leases = createSoleLeases({
    caretaker: {
      onHeld: (lease) => void holding.add(crawler.hold(lease, "start")),
      letGo: (node) => crawler.letGo(node),
      removeOrphan: ({ node }) => crawler.removeOrphan(node),
      isBusy: () => false,
      storedNodes: () => store.stored().nodes.map(({ name }) => name),
    },
    log: silentLog,
  });
  return Object.assign(Object.create(crawler) as Crawler, {
    async setNodes(configs: readonly NodeConfig[]) {
      await crawler.setNodes(configs);
      await leases.setNodes(configs.map(({ name }) => name));
      await Promise.all(holding);
      holding.clear();
    },
  });
}

export function fails(driver: FakeDriver, code: ErrorCode): void {
  driver.instead = () => Promise.reject(new AppError(code, `It said ${code}.`));
}
