/** The leases of a store that several servers share: a round of beat, look and act, again and again. */
import type { MonotonicClock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { NodeName } from "../model.ts";
import type { Lease, Leaseholders, LeaseStore } from "../store/leases.ts";
import { decide, type Take } from "./decide.ts";
import { createHoldings } from "./holdings.ts";
import { type Caretaker, defaultLeaseLimits, type LeaseLimits, type Leases } from "./leases.ts";
import { createOutage } from "./outage.ts";
import { createRounds, type Rounds } from "./rounds.ts";
import { createSightings } from "./sightings.ts";

export interface SharedLeasesOptions {
  readonly store: LeaseStore;
  readonly caretaker: Caretaker;
  readonly clock: MonotonicClock;
  readonly log: Log;
  readonly limits?: Partial<LeaseLimits>;
}

/** How late it may be noticed that a lease ran out, in ms; `held` knows at once. */
const expiryEveryMs = 200;

export function createSharedLeases({ store, caretaker, clock, log, limits: given }: SharedLeasesOptions): Leases {
  const limits: LeaseLimits = { ...defaultLeaseLimits, ...given };
  const closing = new AbortController();
  const holdings = createHoldings({ clock, log, limits, caretaker: untilClosed(caretaker, closing.signal) });
  const outage = createOutage(clock, log);
  const sightings = createSightings(store.self, limits);
  const ready = Promise.withResolvers<void>();
  let hasShare = false;
  const removing = new Set<NodeName>();
  let nodes: readonly NodeName[] = [];
  let isDraining = false;
  let hasOthers = false;
  let rounds: Rounds | undefined;

  const listed = (): readonly NodeName[] => (isDraining ? [] : nodes);

  async function run(): Promise<number> {
    holdings.expire();
    try {
      const pauseMs = await round();
      outage.answered();
      return pauseMs;
    } catch (error) {
      sightings.restart();
      outage.failed(error);
      return limits.retryMs;
    }
  }

  /**
   * The beat comes first: a server is known before it takes its share, and heard again soon after an outage. But who gets no
   * answers may still be heard: beats sent blindly would keep from others what this server does not hold any more.
   */
  async function round(): Promise<number> {
    if (outage.isOn) await store.look();
    await beat();
    const seen = await look();
    const others = sightings.living(seen);
    hasOthers = others.length > 0;
    const actions = decide({
      self: store.self,
      servers: [{ id: store.self, nodes: listed(), isTaking: !isDraining }, ...others],
      leases: seen.leases,
      silentMs: sightings.silentMs,
      unnamedMs: sightings.unnamedMs,
      own: holdings.own(),
      lingering: holdings.lingering(),
      stored: new Set(caretaker.storedNodes()),
      isDraining,
      limits,
    });
    for (const lease of actions.gives) void giveAway(lease);
    for (const lease of actions.orphans) void remove(lease);
    for (const lease of actions.releases) await store.release(lease);
    for (const server of sightings.toForget(seen)) await store.forget(server);
    const isDone = (await takeAll(actions.takes)) && !actions.isMoreToTake;
    if (isDone) tellReady();
    return isDone ? sightings.dueMs() : limits.minGapMs;
  }

  async function beat(): Promise<void> {
    const since = clock.monotonic();
    const asked = [...holdings.own().values()].map(({ lease }) => lease);
    holdings.renew(asked, await store.beat(asked, listed()), since);
  }

  async function look(): Promise<Leaseholders> {
    const startedAt = clock.monotonic();
    const seen = await store.look();
    holdings.expire();
    sightings.note(seen, caretaker.storedNodes(), { startedAt, endedAt: clock.monotonic() });
    return seen;
  }

  /** False: what was seen holds no more, since somebody was faster, or the store so slow that the next beat is due. */
  async function takeAll(takes: readonly Take[]): Promise<boolean> {
    const startedAt = clock.monotonic();
    for (const { node, seen, insteadOf } of takes) {
      if (closing.signal.aborted || isDraining) return true;
      const since = clock.monotonic();
      if (since - startedAt > limits.beatMs) return false;
      const lease = await store.take(node, seen);
      if (lease === undefined) return false;
      tellOfTaking(lease, seen?.owner ?? null);
      if (insteadOf !== undefined) sightings.passOver(insteadOf);
      holdings.gain(lease, since);
    }
    return true;
  }

  function tellOfTaking({ node, fence }: Lease, formerOwner: string | null): void {
    const silentMs = Math.round(sightings.silentMs(node));
    if (formerOwner === null || formerOwner === store.self)
      log.debug({ node, fence }, "This server looks after the node from now on.");
    else
      log.info(
        { node, fence, formerOwner, silentMs },
        "Took the node over from a server that was not heard of any more.",
      );
  }

  async function giveAway(lease: Lease): Promise<void> {
    log.debug({ node: lease.node, fence: lease.fence }, "Gives the node away to another server.");
    await holdings.leave(lease);
    if (closing.signal.aborted) return;
    await store.release(lease).catch(outage.failed);
    holdings.drop(lease);
  }

  /** Renewed but refused it would be looked after by nobody, for good. */
  function giveUp(lease: Lease): void {
    if (!holdings.isHeld(lease)) return;
    log.warn(
      { node: lease.node, fence: lease.fence },
      "The store takes nothing more under a lease that this server holds; it is given up, for whoever's turn it is.",
    );
    void giveAway(lease).then(rounds?.wake);
  }

  async function remove(lease: Lease): Promise<void> {
    if (removing.has(lease.node) || !holdings.isHeld(lease)) return;
    removing.add(lease.node);
    try {
      await caretaker.removeOrphan(lease);
      rounds?.wake();
    } catch (error) {
      log.error({ node: lease.node, err: error }, "A node in no hosts.yml could not be removed; it is tried again");
    } finally {
      removing.delete(lease.node);
    }
  }

  /** Apart from the rounds: one of them may wait for the store for long. */
  async function watchExpiry(): Promise<void> {
    while (!closing.signal.aborted) {
      holdings.expire();
      await clock.sleep(expiryEveryMs, closing.signal);
    }
  }

  function start(): void {
    rounds = createRounds({ run, minGapMs: limits.minGapMs, clock });
    store.onChange(rounds.wake, closing.signal);
    store.onRefusal(giveUp, closing.signal);
    void watchExpiry();
  }

  function tellReady(): void {
    hasShare = true;
    ready.resolve();
  }

  return {
    async setNodes(names) {
      nodes = [...names];
      if (rounds === undefined && !closing.signal.aborted) start();
      else rounds?.wake();
    },
    held: holdings.held,
    isHeld: holdings.isHeld,
    ready: ready.promise,
    get hasShare() {
      return hasShare;
    },
    get hasOthers() {
      return hasOthers;
    },
    drain() {
      isDraining = true;
      rounds?.wake();
    },
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      await rounds?.close();
      const releases = holdings.clear().map((lease) => store.release(lease));
      await Promise.all([...releases, store.leave()].map((told) => told.catch(outage.failed)));
      tellReady();
    },
  };
}

/** Who closes has let go of everything, and does not want to hear of a node again. */
function untilClosed(caretaker: Caretaker, signal: AbortSignal): Caretaker {
  return {
    ...caretaker,
    onHeld: (lease) => {
      if (!signal.aborted) caretaker.onHeld(lease);
    },
    letGo: async (node) => {
      if (!signal.aborted) await caretaker.letGo(node);
    },
  };
}
