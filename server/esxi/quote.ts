/**
 * The only place where words become a shell line. Callers pass words, never a line.
 *
 * Inside single quotes a POSIX shell reads everything literally, so one rule is enough: `'` becomes `'\''`.
 * NUL cannot be passed at all, and CR or LF have no business in a word we send: they are refused, not mended.
 */
import { AppError } from "../errors.ts";

const plain = /^[A-Za-z0-9_\-./:=@%+,]+$/;

/** @throws AppError INVALID_INPUT for a word with NUL, CR or LF */
export function quoteWord(word: string): string {
  if (/[\0\r\n]/.test(word)) throw new AppError("INVALID_INPUT", "A line break or NUL cannot be part of a command.");
  return plain.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A command line of words: the program first. @throws AppError INVALID_INPUT */
export function quoteCommand(argv: readonly string[]): string {
  return argv.map(quoteWord).join(" ");
}

/** An id as the host's commands take it. @throws AppError INVALID_INPUT unless it is 1 to 10 digits */
export function quoteNumber(value: number): string {
  const digits = String(value);
  if (!/^\d{1,10}$/.test(digits)) throw new AppError("INVALID_INPUT", `${digits} is no id of 1 to 10 digits.`);
  return digits;
}

/**
 * Lines as a here-document for a command's stdin. The end mark is made of `nonce`, so that no line can imitate it;
 * it is quoted, so that the shell expands nothing.
 * @throws AppError INVALID_INPUT for a line with NUL, CR or LF
 */
export function hereDocument(lines: readonly string[], nonce: string): string {
  for (const line of lines) quoteWord(line);
  const mark = `END-${nonce}`;
  return [`<<'${mark}'`, ...lines, mark].join("\n");
}
