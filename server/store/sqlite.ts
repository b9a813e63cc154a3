/**
 * The embedded store: one SQLite file (WAL, synchronous FULL). Its calls block the event loop for as long as they take:
 * a commit a few milliseconds, a load of 10,000 VMs about a tenth of a second.
 * The file is locked while the server runs; sqlite-archive.ts reads all of it while it does not.
 */

import { type Clock, timestampOf } from "../clock.ts";
import type { Log } from "../log.ts";
import { noteDeed, noteTask } from "./audit-notes.ts";
import { createNewsLog } from "./news.ts";
import { createAuditTable } from "./sqlite-audit.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { openSqliteFile } from "./sqlite-file.ts";
import { createInventoryTables } from "./sqlite-inventory.ts";
import { createLedger } from "./sqlite-ledger.ts";
import { createLoginTables } from "./sqlite-logins.ts";
import { createPulseTables } from "./sqlite-pulses.ts";
import { createRemovedVms } from "./sqlite-removed-vms.ts";
import { createTaskTables } from "./sqlite-tasks.ts";
import type { InventoryStore, StoreNews, TaskCreation, TaskRecorded } from "./store.ts";

export interface SqliteStoreOptions {
  /** Of the database file; its folder is made where missing. */
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: SqliteStoreLimits;
}

export interface SqliteStoreLimits {
  /** How many removed VMs are remembered, so that subscribers can resume. Default 10,000. */
  readonly removedVms?: number;
  /** How many records the news kept for slow watchers may hold. Default 50,000. */
  readonly newsRecords?: number;
}

const flushIntervalMs = 60_000;

/** @throws AppError CONFLICT when another process has the file or a newer ECoMan wrote it; INTERNAL when it can't be used */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<InventoryStore> {
  const file = openSqliteFile(options.path);
  try {
    return createSqliteStore(file, options);
  } catch (thrown) {
    file.close();
    throw thrown;
  }
}

function createSqliteStore(file: SqliteFile, { clock, log, limits = {} }: SqliteStoreOptions): InventoryStore {
  const ledger = createLedger(file);
  const pulses = createPulseTables(file);
  const removedVms = createRemovedVms({ file, ledger, limit: limits.removedVms ?? 10_000 });
  const inventory = createInventoryTables({ file, ledger, pulses, removedVms });
  const audit = createAuditTable(file);
  const tasks = createTaskTables({ file, ledger, audit, clock });
  const logins = createLoginTables(file);
  const newsLog = createNewsLog({
    epoch: ledger.epoch,
    startNumber: ledger.number,
    maxRecords: limits.newsRecords ?? 50_000,
  });
  const stopping = new AbortController();
  const flushing = flushNowAndThen();

  function tell(news: StoreNews): void {
    newsLog.append(news, ledger.number);
  }

  async function flushNowAndThen(): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(flushIntervalMs, stopping.signal);
      try {
        pulses.flush();
      } catch (error) {
        log.warn({ error }, "The latest readings could not be written; the next attempt is in a minute.");
      }
    }
  }

  function createTask(creation: TaskCreation): TaskRecorded {
    const created = tasks.create(creation);
    const { revision } = ledger;
    if ("earlier" in created) {
      const { earlier, sameInput, isRival } = created;
      return { task: earlier, isNew: false, sameInput, ...(isRival ? { isRival } : {}), revision };
    }
    noteTask(log, created.audited);
    tell({ kind: "task", revision, task: creation.task });
    return { task: creation.task, isNew: true, sameInput: true, revision };
  }

  return {
    kind: "sqlite",
    leases: null,
    load: async () => inventory.load(),
    async apply(change) {
      const written = inventory.apply(change);
      if (written) tell({ kind: "change", revision: ledger.revision, change: written });
      return ledger.revision;
    },
    async pulse(pulse) {
      const held = file.read(() => pulses.hold(pulse));
      if (held.nodes.length + held.usages.length > 0) tell({ kind: "pulse", pulse: held });
    },
    watch: (since, signal) => newsLog.watch(since, signal),
    createTask: async (creation) => createTask(creation),
    async saveTask(task) {
      if (tasks.save(task)) tell({ kind: "task", revision: ledger.revision, task });
      return ledger.revision;
    },
    task: async (id) => tasks.get(id),
    tasks: async (query) => tasks.page(query),
    loginRefusal: async (node) => logins.refusal(node),
    saveLoginRefusal: async (node, refusal) => logins.saveRefusal(node, refusal),
    trustedHostKeys: async (node) => logins.trustedKeys(node),
    trustHostKey: async (node, fingerprint) => logins.trust(node, fingerprint),
    async appendAudit(deed) {
      noteDeed(
        log,
        file.write(() => audit.append({ ...deed, at: timestampOf(clock.now()) })),
      );
      tell({ kind: "deed", deed });
    },
    audit: async () => audit.all(),
    verifyAudit: async () => audit.verify(),
    async close() {
      stopping.abort();
      newsLog.close();
      await flushing;
      file.close();
    },
  };
}
