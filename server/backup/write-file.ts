import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { access, rename, rm, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { AppError } from "../errors.ts";
import { explainFileFailure } from "./file-failure.ts";

/**
 * Gzips the lines into a new file, which has its name only when all is on disk, and which its owner alone may read.
 * Answers its size in bytes. @throws AppError CONFLICT when there is such a file; what the lines throw comes out as it is
 */
export async function writeBackupFile(path: string, lines: AsyncIterable<string>): Promise<number> {
  if (await isThere(path)) throw new AppError("CONFLICT", `There is a file ${path} already. Name another one.`);
  const part = `${path}.${randomBytes(4).toString("hex")}.part`;
  try {
    const file = createWriteStream(part, { flags: "wx", mode: 0o600, flush: true });
    await pipeline(Readable.from(lines), createGzip(), file);
    const { size } = await stat(part);
    await rename(part, path);
    return size;
  } catch (thrown) {
    await rm(part, { force: true });
    throw explainFileFailure(thrown, path);
  }
}

/** The same for a stream that stays open, such as standard output. */
export async function writeBackupTo(stream: NodeJS.WritableStream, lines: AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(Readable.from(lines), createGzip(), stream, { end: false });
  } catch (thrown) {
    throw explainFileFailure(thrown, "Standard output");
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
