import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { damaged, explainFileFailure } from "./file-failure.ts";

/** In bytes; far more than any record has. */
const longestLine = 64 * 1024 * 1024;

/** The unpacked lines of a file, without their line breaks. @throws AppError for a file that can't be read to its end */
export async function* linesOf(path: string): AsyncGenerator<Buffer> {
  const file = createReadStream(path);
  const unpacked = file.pipe(createGunzip());
  file.on("error", (error) => unpacked.destroy(error));
  let pieces: Buffer[] = [];
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      let from = 0;
      for (let to = chunk.indexOf("\n"); to !== -1; to = chunk.indexOf("\n", from)) {
        yield Buffer.concat([...pieces, chunk.subarray(from, to)]);
        pieces = [];
        from = to + 1;
      }
      if (from < chunk.length) pieces.push(chunk.subarray(from));
      if (lengthOf(pieces) > longestLine) throw damaged(path, "one of its lines has no end");
    }
  } catch (thrown) {
    throw explainFileFailure(thrown, path);
  } finally {
    file.destroy();
    unpacked.destroy();
  }
  if (pieces.length > 0) throw damaged(path, "its last line has no end");
}

function lengthOf(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
