/** What SQLite's refusals mean to an operator. */
import { AppError } from "../errors.ts";

/** Primary result codes, https://www.sqlite.org/rescode.html */
const busy = 5;
const readOnly = 8;
const ioError = 10;
const corrupt = 11;
const full = 13;
const cantOpen = 14;
const notADatabase = 26;

/** An AppError that says what is wrong with the file at `path`; anything that SQLite did not throw comes back as it is. */
export function explainSqliteFailure(thrown: unknown, path: string): unknown {
  const code = primaryCodeOf(thrown);
  if (code === undefined) return thrown;
  const nothingStored = "Nothing of this change was stored; what was stored before is intact.";
  const options = { cause: thrown };
  switch (code) {
    case full:
      return new AppError(
        "OUT_OF_SPACE",
        `The disk of ${path} is full. ${nothingStored} Free some space there.`,
        options,
      );
    case ioError:
      return new AppError(
        "INTERNAL",
        `The disk of ${path} fails to read or write. ${nothingStored} Look at the disk.`,
        options,
      );
    case readOnly:
      return new AppError("INTERNAL", `${path} can't be written: it is read-only. ${nothingStored}`, options);
    case busy:
      return new AppError(
        "CONFLICT",
        `${path} is in use by another process, probably another ECoMan. Stop that one, or give this one another DATA_DIR.`,
        options,
      );
    case corrupt:
    case notADatabase:
      return new AppError(
        "INTERNAL",
        `${path} is damaged or no ECoMan database. Put a backup in its place, or move it away.`,
        options,
      );
    case cantOpen:
      return new AppError("INTERNAL", `${path} can't be opened. Look at the folder's owner and rights.`, options);
    default:
      return thrown;
  }
}

/** Another process has the file: as SQLite says it, or as it was explained. */
export function isLocked(thrown: unknown): boolean {
  const cause = thrown instanceof AppError ? thrown.cause : thrown;
  return primaryCodeOf(cause) === busy;
}

function primaryCodeOf(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !("errcode" in thrown)) return undefined;
  return typeof thrown.errcode === "number" ? thrown.errcode & 0xff : undefined;
}
