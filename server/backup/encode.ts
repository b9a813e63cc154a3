import { createHash } from "node:crypto";
import type { ArchiveRecord } from "../store/archive.ts";
import type { BackupEnd, BackupHeader, Tally } from "./format.ts";

export interface BackupContents {
  readonly header: BackupHeader;
  readonly records: AsyncIterable<ArchiveRecord>;
  /** Counts the records as they pass. */
  readonly tally: Tally;
}

/** The lines of a backup, each with its line break, made as they are asked for. */
export async function* encodeBackup({ header, records, tally }: BackupContents): AsyncGenerator<string> {
  const hash = createHash("sha256");
  function lineOf(value: object): string {
    const line = `${JSON.stringify(value)}\n`;
    hash.update(line);
    return line;
  }
  yield lineOf(header);
  for await (const record of records) {
    tally.add(record);
    yield lineOf(record);
  }
  const end: BackupEnd = { kind: "end", counts: tally.counts, sha256: hash.digest("hex") };
  yield `${JSON.stringify(end)}\n`;
}
