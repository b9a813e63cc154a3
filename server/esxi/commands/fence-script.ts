/**
 * Making sure of an act whose receipt never came. The fence makes the folder by which an act claims its name: where that
 * succeeds, the act was not begun and never will be, for a script that is still on its way then finds the name taken.
 *
 * A fence stays: an empty folder with one small file in /tmp, gone with the host's next restart. Removing it would let a
 * late script pass.
 */
import { quoteWord } from "../quote.ts";
import { folderOf } from "./act-script.ts";
import { createScript, type Script } from "./script.ts";

/** In an act's folder: it is a fence's, nothing was begun. */
export const fenceFile = "fence";

/** What a fence script prints in its section `claim`. */
export const claims = ["begun", "fenced", "failed-folder"] as const;

/** @throws AppError INVALID_INPUT for an id that no act can have */
export function createFenceScript(actId: string): Script {
  return createScript([
    `folder=${quoteWord(folderOf(actId))}`,
    'if mkdir "$folder" 2>/dev/null; then',
    `claim=fenced; date +%s >"$folder/${fenceFile}"`,
    `elif [ -f "$folder/${fenceFile}" ]; then claim=fenced`,
    'elif [ -d "$folder" ]; then claim=begun',
    "else claim=failed-folder; fi",
    'print_section claim 0 "$claim"',
    // A restart empties /tmp, and with it goes what an act left there.
    'if [ "$claim" = fenced ]; then section host vim-cmd hostsvc/hostsummary; fi',
  ]);
}
