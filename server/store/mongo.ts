/**
 * The store of several servers, or of one whose data must outlive its machine: a MongoDB database, from version 4.4 on.
 * It needs no transactions: a commit is one insertion into the journal (mongo/journal.ts), and its effects on the other
 * collections can be written by anybody, any number of times.
 */

import { randomUUID } from "node:crypto";
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Revision } from "../model.ts";
import { noteDeed, noteTask } from "./audit-notes.ts";
import type { Lease } from "./leases.ts";
import { findBreak, readAudit } from "./mongo/audit.ts";
import { givesChangeStreams } from "./mongo/capabilities.ts";
import { createCommits } from "./mongo/commits.ts";
import { type Database, openDatabase } from "./mongo/database.ts";
import { explainMongoFailure } from "./mongo/failure.ts";
import { createJournal, type JournalEntry } from "./mongo/journal.ts";
import { createLeaseStore, isHolder } from "./mongo/leases.ts";
import { createLogins } from "./mongo/logins.ts";
import { createReadings } from "./mongo/readings.ts";
import { readSnapshot } from "./mongo/snapshot.ts";
import { type State, whatDiffers, whatIsKnown } from "./mongo/state.ts";
import { createTail } from "./mongo/tail.ts";
import { readTaskPage } from "./mongo/task-pages.ts";
import { createMongoTasks } from "./mongo/tasks.ts";
import { createTrimmer } from "./mongo/trimmer.ts";
import { createNewsLog } from "./news.ts";
import { formatRevision, type InventoryStore } from "./store.ts";

export interface MongoStoreOptions {
  /** A connection string; may hold a password. */
  readonly url: string;
  readonly dbName: string;
  /** Where that is, for people: without credentials. */
  readonly shown: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: MongoStoreLimits;
}

export interface MongoStoreLimits {
  /** How many removed VMs are remembered, so that subscribers can resume; the same for all servers of a database. Default 10,000. */
  readonly removedVms?: number;
  /** How many records the news kept for slow watchers may hold. Default 50,000. */
  readonly newsRecords?: number;
  /** How long a database that does not answer is waited for, in ms. Default 30 s. */
  readonly patienceMs?: number;
}

const housekeepingMs = 60_000;

/**
 * Makes indexes and the first entry where they are missing.
 * @throws AppError STORE_UNREACHABLE; CONFLICT when a newer ECoMan wrote the database; INTERNAL when it can't be used
 */
export async function openMongoStore(options: MongoStoreOptions): Promise<InventoryStore> {
  try {
    const database = await openDatabase(options);
    try {
      return await createMongoStore(database, options);
    } catch (thrown) {
      await database.close();
      throw thrown;
    }
  } catch (thrown) {
    throw explainMongoFailure(thrown, options.shown);
  }
}

async function createMongoStore(database: Database, options: MongoStoreOptions): Promise<InventoryStore> {
  const { shown, clock, log, limits = {} } = options;
  const { collections } = database;
  const journal = createJournal(collections.journal);
  const self = randomUUID();
  const snapshot = () => readSnapshot({ journal, collections, removedLimit: limits.removedVms ?? 10_000 });
  const start = await snapshot();
  let { state } = start;
  const streams = await givesChangeStreams(collections, log);
  if (!streams) log.warn({ store: shown }, noStreams(shown));
  const newsLog = createNewsLog({
    epoch: state.last.epoch,
    startNumber: state.last.revision,
    maxRecords: limits.newsRecords ?? 50_000,
  });
  const tail = createTail({
    journal,
    collection: collections.journal,
    streams,
    last: () => state.last,
    onEntry(entry) {
      take(entry);
      commits.heardOf(entry);
    },
    onGap: readAnew,
    log,
  });
  const commits = createCommits({
    self,
    journal,
    collections,
    state: () => state,
    take,
    tail,
    log,
    patienceMs: limits.patienceMs ?? 30_000,
  });
  const leases = createLeaseStore({ self, collections, commits, state: () => state, shown });
  const tasks = createMongoTasks({ collections, commits, state: () => state, clock });
  const logins = createLogins(collections);
  const readings = createReadings(collections, () => state);
  const trimmer = createTrimmer(journal);
  const stopping = new AbortController();
  const housekeeping = keepHouse();
  let closing: Promise<void> | undefined;
  // What a snapshot took in may be owed to the collections too.
  start.recent.forEach(commits.heardOf);

  function take(entry: JournalEntry): void {
    if (entry.sequence !== state.last.sequence + 1) return;
    const news = state.take(entry);
    if (news !== undefined) newsLog.append(news, entry.revision);
    if (entry.deed.kind === "lease") leases.changed();
  }

  /** This server heard nothing for longer than the journal is kept. */
  async function readAnew(): Promise<void> {
    const before = state.last.epoch;
    const anew = await snapshot();
    ({ state } = anew);
    commits.startAnew(state.last.epoch !== before);
    anew.recent.forEach(commits.heardOf);
    newsLog.restart({ epoch: state.last.epoch, number: state.last.revision });
    log.warn(
      { revision: revision() },
      "The database's journal no longer holds all that was missed: everything was read anew.",
    );
  }

  async function keepHouse(): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(housekeepingMs, stopping.signal);
      if (stopping.signal.aborted) return;
      await readings.flush().catch((error: unknown) => {
        log.warn({ error }, "The latest readings could not be written; the next attempt is in a minute.");
      });
      await trim().catch((error: unknown) => log.debug({ error }, "The journal could not be trimmed now."));
    }
  }

  /** What another server still owes must not be trimmed away. */
  async function trim(): Promise<void> {
    await commits.settle();
    await trimmer.turn(state.last);
  }

  function revision(): Revision {
    return formatRevision({ epoch: state.last.epoch, number: state.last.revision });
  }

  /** @throws AppError LEASE_LOST */
  function checkLease(now: State, under: Lease | undefined): void {
    if (under === undefined || isHolder(now, self, under)) return;
    leases.refused(under);
    throw leaseLost(under);
  }

  async function open<T>(work: () => Promise<T>): Promise<T> {
    if (closing !== undefined) throw new AppError("SHUTTING_DOWN", "The store is closed: the server is shutting down.");
    try {
      return await work();
    } catch (thrown) {
      throw explainMongoFailure(thrown, shown);
    }
  }

  /** Reads when the collections show what this server knows. */
  function read<T>(work: () => Promise<T>): Promise<T> {
    return open(async () => {
      await commits.settle();
      return work();
    });
  }

  async function close(): Promise<void> {
    stopping.abort();
    newsLog.close();
    await tail.close();
    await commits.close();
    await housekeeping;
    await readings.flush().catch((error: unknown) => log.warn({ error }, "The latest readings could not be written."));
    await database.close();
  }

  return {
    kind: "mongodb",
    leases,
    load: () => open(async () => state.load()),
    apply: (change, under) =>
      open(async () => {
        await commits.commit((now) => {
          checkLease(now, under);
          const differing = whatDiffers(now, change);
          return differing && { kind: "change", change: differing };
        });
        return revision();
      }),
    pulse: (pulse, under) =>
      open(async () => {
        await commits.commit((now) => {
          checkLease(now, under);
          const known = whatIsKnown(now, pulse);
          return known && { kind: "pulse", pulse: known };
        });
        readings.hold(pulse);
      }),
    watch: (since, signal) => newsLog.watch(since, signal),
    createTask: (creation) =>
      open(async () => {
        const { audited, ...recorded } = await tasks.create(creation);
        if (audited) noteTask(log, audited);
        return { ...recorded, revision: revision() };
      }),
    saveTask: (task, under) =>
      open(async () => {
        await tasks.save(task, (now) => checkLease(now, under));
        return revision();
      }),
    task: (id) => open(() => tasks.find(id)),
    tasks: (query) => read(() => readTaskPage(collections, query)),
    loginRefusal: (node) => open(() => logins.refusal(node)),
    saveLoginRefusal: (node, refusal) => open(() => logins.saveRefusal(node, refusal)),
    trustedHostKeys: (node) => open(() => logins.trustedKeys(node)),
    trustHostKey: (node, fingerprint) => open(() => logins.trust(node, fingerprint)),
    appendAudit: (deed) =>
      open(async () => {
        noteDeed(log, await tasks.audit(deed));
      }),
    audit: () => read(() => readAudit(collections)),
    verifyAudit: () =>
      open(() =>
        findBreak({
          collections,
          head: () => state.last.audit,
          settle: () => commits.settle(),
          catchUp: () => tail.catchUp(),
        }),
      ),
    close() {
      closing ??= close();
      return closing;
    },
  };
}

function leaseLost({ node }: Lease): AppError {
  return new AppError(
    "LEASE_LOST",
    `Another ECoMan server looks after ${node} by now; nothing was written by this one.`,
  );
}

function noStreams(shown: string): string {
  return (
    `MongoDB at ${shown} gives no change streams: it is no replica set, or another kind of server. One ECoMan server works well ` +
    `with it; several see each other's changes a little later, by looking, and nothing takes over when the database's machine fails. ` +
    `A replica set, also of one member, gives the streams.`
  );
}
