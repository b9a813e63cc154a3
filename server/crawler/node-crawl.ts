/** One node, looked at again and again. Whatever goes wrong with it ends here: as its status, and in the log. */
import { type Clock, timestampOf } from "../clock.ts";
import { AppError, toAppError } from "../errors.ts";
import type { HostObservation, VmRead } from "../esxi/driver.ts";
import type { FleetNode } from "../fleet.ts";
import type { Log } from "../log.ts";
import type { VmId } from "../model.ts";
import type { InventoryChange } from "../store/store.ts";
import { createIsoCrawl } from "./iso-crawl.ts";
import type { Ledger } from "./ledger.ts";
import { isOfOurs } from "./node-status.ts";
import { type NewVm, observe, observeNewVm, observeReads } from "./observe.ts";
import { createOptionsCrawl } from "./options-crawl.ts";
import { periodOf } from "./pace.ts";
import { createPoller, type Turn } from "./poller.ts";
import { planScan } from "./scan-plan.ts";
import { observeFailure } from "./unobserved.ts";

export interface NodeCrawl {
  /** Has a scan ended since start, whatever came of it. */
  readonly wasLookedAt: boolean;
  /** See Crawler.refresh. */
  refresh(): Promise<void>;
  observeVms(reads: readonly VmRead[]): Promise<void>;
  observeNewVm(vm: NewVm): Promise<VmId | undefined>;
  close(): Promise<void>;
}

export interface Timing {
  readonly intervalMs: number;
  readonly rareEveryMs: number;
  readonly isoEveryMs: number;
  readonly clock: Clock;
  readonly random: () => number;
}

export interface NodeCrawlOptions extends Timing {
  readonly member: FleetNode;
  readonly ledger: Ledger;
  /** May the node be looked at now? */
  readonly isHeld: () => boolean;
  readonly firstDelayMs: number;
  readonly log: Log;
}

/** `undefined`: the scan was complete. */
type Outcome = { readonly failure: AppError | undefined };

export function createNodeCrawl(options: NodeCrawlOptions): NodeCrawl {
  const { member, ledger, clock, log, intervalMs } = options;
  const { config, driver } = member;
  const { name } = config;
  const rare = [createIsoCrawl, createOptionsCrawl].map((create) =>
    create({ member, ledger, everyMs: options.isoEveryMs, clock, log }),
  );
  let scans = 0;
  let wantsFacts = false;

  const minGapMs = Math.min(1000, intervalMs);
  const poller = createPoller<Outcome>({ run: turn, firstDelayMs: options.firstDelayMs, minGapMs, clock });

  async function turn(signal: AbortSignal): Promise<Turn<Outcome>> {
    if (ledger.isClosed || !options.isHeld()) return { outcome: { failure: notHeld(name) }, periodMs: intervalMs };
    const failure = await look(signal);
    scans += 1;
    if (failure === undefined) for (const job of rare) job.maybeStart(signal);
    return { outcome: { failure }, periodMs: periodAfter(failure) };
  }

  /** The second scan comes early by a random part, so that nodes that started together do not stay together. */
  function periodAfter(failure: AppError | undefined): number {
    const { failures, failingSince = clock.now() } = ledger.memory;
    const failing = failure && { code: failure.code, failures, sinceMs: Math.max(0, clock.now() - failingSince) };
    const period = periodOf(options, failing);
    return scans === 1 && failure === undefined ? period * (0.5 + options.random() / 2) : period;
  }

  async function look(signal: AbortSignal): Promise<AppError | undefined> {
    const startedAt = clock.now();
    try {
      const observation = await scan(signal);
      const durationMs = Math.max(0, clock.now() - startedAt);
      const change = await ledger.update((memory) =>
        observe(memory, observation, { config, phase: "scan", durationMs }),
      );
      logScan(observation, change, durationMs);
      return incompleteness(observation, name);
    } catch (thrown) {
      if (signal.aborted) return new AppError("CANCELLED", `The scan of ${name} was given up.`);
      const error = toAppError(thrown);
      return isOfOurs(error) ? tellOfOurs(error) : await fail(error, clock.now() - startedAt);
    }
  }

  /** The node is not to blame, and nothing could be written of it either. */
  function tellOfOurs(error: AppError): AppError {
    if (error.code !== "LEASE_LOST")
      log.warn({ node: name, code: error.code }, `What a scan showed could not be recorded: ${error.message}`);
    return error;
  }

  function scan(signal: AbortSignal): Promise<HostObservation> {
    const plan = planScan(ledger.memory, { ...options, now: clock.now() });
    const request = wantsFacts ? { ...plan, facts: true } : plan;
    wantsFacts = false;
    return driver.scan(request, {
      signal,
      onListing(observation) {
        const context = { config, phase: "listing", durationMs: 0 } as const;
        if (signal.aborted) return;
        ledger
          .update((memory) => observe(memory, observation, context))
          .catch((thrown: unknown) => {
            if (isOfOurs(toAppError(thrown))) return;
            log.error({ node: name, err: thrown }, "The listing could not be recorded ahead of its scan.");
          });
      },
    });
  }

  async function fail(error: AppError, durationMs: number): Promise<AppError> {
    try {
      await ledger.update((memory) => observeFailure(memory, error, timestampOf(clock.now())));
    } catch (thrown) {
      const ours = toAppError(thrown);
      if (isOfOurs(ours)) return tellOfOurs(ours);
      log.error({ node: name, err: thrown }, "That a scan failed could not be recorded.");
    }
    const { failures } = ledger.memory;
    const fields = { node: name, code: error.code, durationMs, failures };
    if (error.code === "INTERNAL") log.error({ ...fields, err: error.cause }, "Scan failed by a fault of ours.");
    else log.warn(fields, `Scan failed: ${error.message}`);
    return error;
  }

  function logScan(observation: HostObservation, change: InventoryChange, durationMs: number): void {
    const { node, vms } = ledger.memory;
    const read = observation.reads.filter(({ outcome }) => outcome === "read").length;
    const fields = {
      node: name,
      status: node.status,
      durationMs,
      vms: vms.size,
      running: observation.running?.length,
      read,
      unread: observation.reads.length - read,
      changed: change.vms?.length ?? 0,
      removed: change.removedVms?.length ?? 0,
    };
    if (observation.problems.length === 0) log.info(fields, "Scanned.");
    else log.warn({ ...fields, problems: observation.problems }, "Scanned with problems.");
  }

  return {
    get wasLookedAt() {
      return scans > 0;
    },
    async refresh() {
      await driver.permitLogin();
      wantsFacts = true;
      for (const job of rare) job.expire();
      const outcome = await poller.next();
      if (outcome === undefined)
        throw new AppError("CANCELLED", `${name} is not looked at any more under these settings.`);
      if (outcome.failure !== undefined) throw outcome.failure;
    },
    async observeVms(reads) {
      await ledger.update((memory) => observeReads(memory, reads, config));
      // That a VM is gone is settled by the lists alone; they are asked at once.
      if (reads.some(({ outcome }) => outcome === "gone")) poller.wake();
    },
    async observeNewVm(vm) {
      await ledger.update((memory) => observeNewVm(memory, vm, config));
      return [...ledger.memory.vms.values()].find((known) => known.vm.path === vm.path)?.vm.id;
    },
    async close() {
      await poller.close();
      await Promise.all(rare.map((job) => job.idle()));
    },
  };
}

function notHeld(name: string): AppError {
  return new AppError("LEASE_LOST", `Another server looks after ${name}.`);
}

/** Why this observation is not a complete scan; one that misses only some summaries is. */
function incompleteness({ hostdUp, listing, running, problems }: HostObservation, name: string): AppError | undefined {
  const said = problems.length === 0 ? "" : ` ${problems.join(" ")}`;
  if (!hostdUp)
    return new AppError(
      "HOSTD_DOWN",
      `${name} answers, but its management agent hostd does not; try again in a minute.${said}`,
    );
  if (listing !== undefined && running !== undefined) return undefined;
  return new AppError("OUTPUT_DAMAGED", `${name} did not give its lists of VMs whole; try again.${said}`);
}
