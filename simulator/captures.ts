/**
 * Recorded outputs in place of made ones. A file's name is the command with `_` for blanks and slashes: `vmsvc_getallvms.txt` for
 * `vim-cmd vmsvc/getallvms`, `vmsvc_get.summary_12.txt` for one VM, `vmsvc_get.summary.txt` for all; `esxcli_vm_process_list.txt`.
 * Its text is stdout; the exit code is 0.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export type Captures = (name: string, words: readonly string[]) => string | undefined;

/** Throws when the folder can't be read. Without a folder nothing is recorded. */
export function loadCaptures(folder: string | undefined): Captures {
  if (folder === undefined) return () => undefined;
  const texts = new Map<string, string>();
  for (const file of readdirSync(folder)) {
    if (file.endsWith(".txt")) texts.set(file.slice(0, -".txt".length), readFileSync(join(folder, file), "utf8"));
  }
  return (name, words) => {
    const all = name === "vim-cmd" ? words : [name, ...words.filter((word) => !word.startsWith("--formatter"))];
    for (let length = all.length; length > 0; length -= 1) {
      const found = texts.get(all.slice(0, length).join("_").replaceAll("/", "_"));
      if (found !== undefined) return found;
    }
    return undefined;
  };
}
