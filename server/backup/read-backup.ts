import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { AppError } from "../errors.ts";
import { type ArchiveRecord, archiveKinds } from "../store/archive.ts";
import { damaged } from "./file-failure.ts";
import { type BackupEnd, type BackupHeader, createTally, formatName, formatVersion, type Tally } from "./format.ts";
import { linesOf } from "./lines.ts";
import { asRecord } from "./records.ts";

export interface VerifiedBackup {
  readonly header: BackupHeader;
  readonly tally: Tally;
}

/** Reads it to its end. @throws AppError INVALID_INPUT when it is not whole; CONFLICT when a newer ECoMan made it */
export async function verifyBackup(path: string): Promise<VerifiedBackup> {
  const tally = createTally();
  let header: BackupHeader | undefined;
  for await (const record of readBackup(path, (read) => (header = read))) tally.add(record);
  if (header === undefined) throw damaged(path, "it is empty");
  return { header, tally };
}

/** Its records, in order. Whether all of it is as it was written is known only at the end. Throws as `verifyBackup` does. */
export async function* readBackup(
  path: string,
  onHeader: (header: BackupHeader) => void = () => undefined,
): AsyncGenerator<ArchiveRecord> {
  const hash = createHash("sha256");
  const tally = createTally();
  let line = 0;
  let kind = 0;
  let end: BackupEnd | undefined;
  for await (const bytes of linesOf(path)) {
    line += 1;
    if (end !== undefined) throw damaged(path, `something follows its end, in line ${line}`);
    const value = parse(bytes);
    if (line === 1) {
      onHeader(asHeader(value, path));
    } else if (isEnd(value)) {
      end = value;
      if (value.sha256 !== hash.digest("hex")) throw damaged(path, "it was altered, its hash is another one");
      if (!isDeepStrictEqual(value.counts, tally.counts)) throw damaged(path, "it does not hold as much as it says");
      continue;
    } else {
      const record = asRecord(value);
      if (record === undefined) throw damaged(path, `line ${line} is no record`);
      const next = archiveKinds.indexOf(record.kind);
      if (line === 2 ? next !== 0 : next < Math.max(kind, 1)) throw damaged(path, `line ${line} is out of its order`);
      kind = next;
      tally.add(record);
      yield record;
    }
    hash.update(bytes).update("\n");
  }
  if (end === undefined || line < 3) throw damaged(path, "it ends too early");
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

function asHeader(value: unknown, path: string): BackupHeader {
  const header = (typeof value === "object" && value !== null ? value : {}) as Partial<BackupHeader>;
  const { format, version, madeAt, store, ecoman } = header;
  if (format !== formatName || !Number.isSafeInteger(version) || version === undefined) {
    throw damaged(path, "it does not begin as a backup of ECoMan does");
  }
  if (version > formatVersion) {
    throw new AppError(
      "CONFLICT",
      `${path} was made by a newer ECoMan (its format is ${version}, this one reads up to ${formatVersion}). Restore it with that version.`,
    );
  }
  return { format, version, madeAt: String(madeAt), store: String(store), ecoman: String(ecoman) };
}

function isEnd(value: unknown): value is BackupEnd {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "end";
}
