/**
 * The form of a backup: gzipped lines of JSON in UTF-8. First a header, then one record a line (store/archive.ts), then an end
 * that says how many there are of each kind and has a hash over all lines before it. docs/operations.md describes it.
 */
import { hasEnded } from "../model.ts";
import type { ArchiveKind, ArchiveRecord } from "../store/archive.ts";

export const formatName = "ecoman-backup";
/** Rises when an older ECoMan could no longer read it. */
export const formatVersion = 1;

export interface BackupHeader {
  readonly format: typeof formatName;
  readonly version: number;
  readonly madeAt: string;
  /** The kind of store it was made from. */
  readonly store: string;
  /** The version of ECoMan that made it. */
  readonly ecoman: string;
}

export interface BackupEnd {
  readonly kind: "end";
  readonly counts: Counts;
  /** Hex, of all lines before this one with their line breaks. */
  readonly sha256: string;
}

export type Counts = Readonly<Partial<Record<ArchiveKind, number>>>;

/** Counts what passes. */
export interface Tally {
  add(record: ArchiveRecord): void;
  readonly counts: Counts;
  readonly unfinishedTasks: number;
}

export function createTally(): Tally {
  const counts: Partial<Record<ArchiveKind, number>> = {};
  let unfinishedTasks = 0;
  return {
    add(record) {
      counts[record.kind] = (counts[record.kind] ?? 0) + 1;
      if (record.kind === "task" && !hasEnded(record.task)) unfinishedTasks += 1;
    },
    get counts() {
      return { ...counts };
    },
    get unfinishedTasks() {
      return unfinishedTasks;
    },
  };
}
