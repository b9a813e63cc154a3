/**
 * Texts of vim-cmd and esxcli when the management agent (hostd) can't be reached, or when they die themselves.
 * Most were reported from 4.x to 6.5 in public scripts.
 */
import { excerpt } from "./parsed.ts";

/** Each stands at the beginning of a line, blanks aside. */
const troubles = [
  "Failed to login:",
  "Connect to localhost failed",
  "Connection to hostd failed",
  "Unable to connect to hostd",
  "terminate called after throwing",
  "what():  std::bad_alloc",
  "std::bad_alloc",
  "Aborted",
  "Killed",
  "Segmentation fault",
  "Bus error",
  "IO Exception",
  "SSL Exception",
  "SSL error",
  "503 Service Unavailable",
  "Errors: Connection refused",
] as const;

const maxLength = 20_000;
const maxLines = 50;

/**
 * The line in which a host says that hostd does not answer, or that the client of hostd died; `undefined` if there is
 * none among the first 50 lines. Only meaningful for a text that no parser could read: a VM's note may say the same.
 */
export function hostdTrouble(text: string): string | undefined {
  for (const line of text.slice(0, maxLength).split("\n", maxLines)) {
    const words = line.trimStart();
    if (troubles.some((trouble) => words.startsWith(trouble))) return excerpt(words);
  }
  return undefined;
}

export function isHostdTrouble(text: string): boolean {
  return hostdTrouble(text) !== undefined;
}
