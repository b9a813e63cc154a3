/** Leases and servers in their collections; a change of hands is journaled too, so that it bars every later commit under the old fence. */
import { AppError } from "../../errors.ts";
import type { NodeName } from "../../model.ts";
import type { Lease, LeaseRecord, LeaseStore, ServerId, ServerRecord } from "../leases.ts";
import type { Commits } from "./commits.ts";
import type { Collections, LeaseDocument } from "./documents.ts";
import { explainMongoFailure, isDuplicateKey, isPassing } from "./failure.ts";
import type { State } from "./state.ts";
import { documentVersion } from "./version.ts";

export interface LeasesOptions {
  readonly self: ServerId;
  readonly collections: Collections;
  readonly commits: Commits;
  readonly state: () => State;
  /** Where the database is, for people. */
  readonly shown: string;
}

export interface MongoLeases extends LeaseStore {
  /** A change of hands was journaled. */
  changed(): void;
  /** A write under the lease was refused. */
  refused(lease: Lease): void;
}

/** How long an exchange with the database may take, in ms: a lease is a matter of seconds, and a beat that is late costs it. */
const exchangeMs = 4000;
const beatMs = 2000;
const urgently = { isUrgent: true };

export function createLeaseStore({ self, collections, commits, state, shown }: LeasesOptions): MongoLeases {
  const { leases, servers } = collections;
  const changeListeners = new Set<() => void>();
  const refusalListeners = new Set<(lease: Lease) => void>();

  /** Answers whether it is in force. */
  async function journalTaking(lease: Lease): Promise<boolean> {
    const { node, fence } = lease;
    await commits.commit(
      ({ holders }) =>
        (holders.get(node)?.fence ?? 0) < fence ? { kind: "lease", node, owner: self, fence } : undefined,
      urgently,
    );
    return isHolder(state(), self, lease);
  }

  async function journalRelease(lease: Lease): Promise<void> {
    await commits.commit(
      (now) => (isHolder(now, self, lease) ? { kind: "lease", ...lease, owner: null } : undefined),
      urgently,
    );
  }

  /** Above what the journal knows too: a restored database may have lost the lease, or have an older one than the journal. */
  function nextFence(node: NodeName, seen: LeaseRecord | undefined): number {
    return 1 + Math.max(seen?.fence ?? 0, state().holders.get(node)?.fence ?? 0);
  }

  async function write({ node, fence: next }: Lease, seen: LeaseRecord | undefined): Promise<LeaseDocument | null> {
    if (seen === undefined) {
      const document = { _id: node, v: documentVersion, owner: self, beat: 1, fence: next };
      await leases.insertOne(document);
      return document;
    }
    const { owner, beat, fence } = seen;
    return leases.findOneAndUpdate(
      { _id: node, owner, beat, fence },
      { $set: { owner: self, fence: next }, $inc: { beat: 1 } },
      { returnDocument: "after" },
    );
  }

  /** Undefined: somebody was faster. A lost acknowledgement is no answer: what stands there is. */
  async function takeDocument(node: NodeName, seen: LeaseRecord | undefined): Promise<Lease | undefined> {
    const lease: Lease = { node, fence: nextFence(node, seen) };
    try {
      return (await write(lease, seen)) === null ? undefined : lease;
    } catch (thrown) {
      if (isDuplicateKey(thrown)) return undefined;
      if (!isPassing(thrown)) throw thrown;
      const there = await leases.findOne({ _id: node });
      return there?.owner === self && there.fence === lease.fence ? lease : undefined;
    }
  }

  async function within<T>(work: () => Promise<T>, ms = exchangeMs): Promise<T> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(tooSlow(shown, ms)), ms);
    try {
      return await Promise.race([work(), late.promise]);
    } catch (thrown) {
      throw explainMongoFailure(thrown, shown);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    self,
    look: () =>
      within(async () => {
        const [leaseDocuments, serverDocuments] = await Promise.all([
          leases.find().toArray(),
          servers.find().toArray(),
        ]);
        return {
          leases: leaseDocuments.map(({ _id, owner, beat, fence }) => ({ node: _id, owner, beat, fence })),
          servers: serverDocuments.map(({ _id, beat, nodes }) => ({ id: _id, beat, nodes })),
        };
      }, beatMs),
    beat: (held, nodes) =>
      within(async () => {
        await servers.updateOne(
          { _id: self },
          { $set: { v: documentVersion, nodes: [...nodes] }, $inc: { beat: 1 } },
          { upsert: true },
        );
        if (held.length === 0) return [];
        await leases.bulkWrite(
          held.map(({ node, fence }) => ({
            updateOne: { filter: { _id: node, owner: self, fence }, update: { $inc: { beat: 1 } } },
          })),
          { ordered: false },
        );
        const own = await leases.find({ owner: self }).toArray();
        const fences = new Map(own.map(({ _id, fence }) => [_id, fence]));
        return held.filter(({ node, fence }) => fences.get(node) === fence);
      }, beatMs),
    take: (node, seen) =>
      within(async () => {
        const lease = await takeDocument(node, seen);
        return lease !== undefined && (await journalTaking(lease)) ? lease : undefined;
      }),
    release: (lease) =>
      within(async () => {
        const { node, fence } = lease;
        await leases.updateOne({ _id: node, owner: self, fence }, { $set: { owner: null }, $inc: { beat: 1 } });
        await journalRelease(lease);
      }),
    leave: () => within(async () => void (await servers.deleteOne({ _id: self }))),
    forget: ({ id, beat }: ServerRecord) => within(async () => void (await servers.deleteOne({ _id: id, beat }))),
    onChange: (listener, signal) => listen(changeListeners, listener, signal),
    onRefusal: (listener, signal) => listen(refusalListeners, listener, signal),
    changed() {
      for (const listener of changeListeners) listener();
    },
    refused(lease) {
      for (const listener of refusalListeners) listener(lease);
    },
  };
}

function listen<Listener>(listeners: Set<Listener>, listener: Listener, signal: AbortSignal): void {
  listeners.add(listener);
  signal.addEventListener("abort", () => listeners.delete(listener), { once: true });
}

export function isHolder(state: State, self: ServerId, { node, fence }: Lease): boolean {
  const holder = state.holders.get(node);
  return holder?.owner === self && holder.fence === fence;
}

function tooSlow(shown: string, ms: number): AppError {
  return new AppError("STORE_UNREACHABLE", `MongoDB at ${shown} did not answer within ${ms / 1000} s.`);
}
