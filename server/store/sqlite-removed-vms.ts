/** Ids of removed VMs, kept so that a subscriber can resume over their removal. */
import type { Revision, VmId } from "../model.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import type { Ledger } from "./sqlite-ledger.ts";
import { createMeta } from "./sqlite-meta.ts";
import type { RemovedVm } from "./store.ts";

export interface RemovedVms {
  /** Oldest removal first. */
  all(): RemovedVm[];
  oldestResumable(): Revision;
  /** Within a transaction, as the following ones are. */
  add(id: VmId, number: number): void;
  /** The id is a VM again. */
  forget(id: VmId): void;
  /** Drops the oldest beyond the limit. */
  trim(): void;
}

export interface RemovedVmsOptions {
  readonly file: SqliteFile;
  readonly ledger: Ledger;
  readonly limit: number;
}

export function createRemovedVms({ file, ledger, limit }: RemovedVmsOptions): RemovedVms {
  const { db } = file;
  const meta = createMeta(file);
  const selectAll = db.prepare("SELECT id, revision FROM removed_vm ORDER BY revision, id");
  const insert = db.prepare("INSERT OR REPLACE INTO removed_vm (id, revision) VALUES (?, ?)");
  const remove = db.prepare("DELETE FROM removed_vm WHERE id = ?");
  const selectFirstTooMany = db.prepare("SELECT revision FROM removed_vm ORDER BY revision DESC LIMIT 1 OFFSET ?");
  const removeUpTo = db.prepare("DELETE FROM removed_vm WHERE revision <= ?");

  return {
    all: () =>
      selectAll.all().map((row) => ({ id: String(row["id"]), revision: ledger.revisionOf(Number(row["revision"])) })),
    oldestResumable: () => ledger.revisionOf(Number(meta.get("oldest_resumable"))),
    add: (id, number) => void insert.run(id, number),
    forget: (id) => void remove.run(id),
    trim() {
      const tooMany = selectFirstTooMany.get(limit);
      if (tooMany === undefined) return;
      // The removals of one revision leave together: a reader from just before it would else miss some of them.
      const revision = Number(tooMany["revision"]);
      removeUpTo.run(revision);
      meta.set("oldest_resumable", String(revision));
    },
  };
}
