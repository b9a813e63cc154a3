/** The version of the form of all documents, each of which carries it in `v`. A later version reads the earlier ones. */
import { AppError } from "../../errors.ts";

export const documentVersion = 1;

export interface Versioned {
  readonly v: number;
}

export function newerEcoman(version: number): AppError {
  return new AppError(
    "CONFLICT",
    `The database was written by a newer ECoMan (its format is ${version}, this one knows up to ${documentVersion}). Start that version again, or another MONGO_DBNAME.`,
  );
}
