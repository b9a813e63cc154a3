import { hasEnded, type Task } from "../model.ts";
import type { ArchiveRecord, StoreArchive } from "../store/archive.ts";
import { readBackup, type VerifiedBackup, verifyBackup } from "./read-backup.ts";

export interface RestoreOptions {
  readonly path: string;
  /** Where to; empty. */
  readonly archive: StoreArchive;
  /**
   * How a task is recorded that had not ended when the backup was made. A server that took it up again would act on what
   * may be long past.
   */
  readonly end: (task: Task, backup: VerifiedBackup) => Task;
}

/** Reads the file twice: nothing is written before all of it was seen to be whole. */
export async function restoreBackup({ path, archive, end }: RestoreOptions): Promise<VerifiedBackup> {
  const verified = await verifyBackup(path);
  async function* records(): AsyncGenerator<ArchiveRecord> {
    for await (const record of readBackup(path)) {
      yield record.kind === "task" && !hasEnded(record.task) ? { ...record, task: end(record.task, verified) } : record;
    }
  }
  await archive.write(records());
  return verified;
}
