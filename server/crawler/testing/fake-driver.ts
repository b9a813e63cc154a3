/** A NodeDriver that looks at a FakeHost. What it can't do without a host, the crawler does not ask of it. */
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { HostObservation, IsoListing, NodeDriver, ScanOptions, ScanRequest } from "../../esxi/driver.ts";
import { type FakeHost, observationOf } from "./fake-host.ts";

export interface FakeDriver extends NodeDriver {
  readonly requests: readonly ScanRequest[];
  /** When each scan began, in ms. */
  readonly startedAt: readonly number[];
  /** Scans under way. */
  readonly underWay: number;
  /** The most scans that were ever under way together. */
  readonly mostAtOnce: number;
  /** Done instead of a look at the host, until set to undefined. */
  instead: ((options: ScanOptions) => Promise<HostObservation>) | undefined;
  /** How long a scan takes between its listing and its end, in ms. Default 0. */
  tookMs: number;
  permitted: number;
  isoListing: () => Promise<IsoListing>;
}

export function createFakeDriver(host: FakeHost, clock: Clock): FakeDriver {
  const requests: ScanRequest[] = [];
  const startedAt: number[] = [];
  let underWay = 0;
  let mostAtOnce = 0;

  async function look(request: ScanRequest, options: ScanOptions): Promise<HostObservation> {
    if (driver.instead !== undefined) return await driver.instead(options);
    const glance = { at: clock.now(), facts: request.facts };
    const listing = observationOf(host, { ...glance, reads: () => false });
    options.onListing?.(listing);
    const whole = observationOf(host, glance);
    await clock.sleep(driver.tookMs, options.signal);
    if (options.signal?.aborted) throw new AppError("CANCELLED", "aborted");
    return whole;
  }

  const driver: FakeDriver = {
    requests,
    startedAt,
    get underWay() {
      return underWay;
    },
    get mostAtOnce() {
      return mostAtOnce;
    },
    instead: undefined,
    tookMs: 0,
    permitted: 0,
    isoListing: () => Promise.resolve({ images: [], silent: [] }),
    async scan(request, options) {
      requests.push(request);
      startedAt.push(clock.now());
      underWay += 1;
      mostAtOnce = Math.max(mostAtOnce, underWay);
      try {
        return await look(request, options);
      } finally {
        underWay -= 1;
      }
    },
    configOptions: () => Promise.resolve(undefined),
    listIsoImages: () => driver.isoListing(),
    permitLogin() {
      driver.permitted += 1;
      return Promise.resolve();
    },
    scanVms: unasked,
    plan: () => [],
    act: unasked,
    look: unasked,
    fence: unasked,
    forget: unasked,
    creation: { plan: unplanned, planUndo: unplanned, begin: unasked, look: unasked },
    disconnect: () => undefined,
    close: () => Promise.resolve(),
  };
  return driver;
}

function unasked(): Promise<never> {
  return Promise.reject(new Error("The crawler has no business here."));
}

function unplanned(): never {
  throw new Error("The crawler never plans the creation of a VM.");
}
