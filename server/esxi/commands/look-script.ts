/** Looking at what became of an act, and tidying up after it. Neither changes the VM. */
import type { ActRequest } from "../driver.ts";
import { quoteCommand, quoteWord } from "../quote.ts";
import { folderOf, leftFiles } from "./act-script.ts";
import { fenceFile } from "./fence-script.ts";
import { addressVariables, readSummary, sameVm } from "./same-vm.ts";
import { createScript, type Script } from "./script.ts";

/** The vmid may have changed under the act, or be another VM's by now; the path is then tried. */
const findVm = `id=$vmid
read_summary
if ! same_vm; then id=$path; read_summary; fi
print_section summary $summary_rc "$summary"`;

/** `message` is asked as well while a power-on waits: no capture shows how a summary prints a pending question. */
export function createLookScript(request: ActRequest): Script {
  const mayMeetQuestion = request.act.kind === "answer" || request.act.action === "ON";
  return createScript([
    ...addressVariables(request.vm),
    `folder=${quoteWord(folderOf(request.actId))}`,
    readSummary,
    sameVm,
    findVm,
    ...(mayMeetQuestion ? [`if [ ! -f "$folder/exit" ]; then section message vim-cmd vmsvc/message "$id"; fi`] : []),
    `if [ -d "$folder" ] && [ ! -f "$folder/${fenceFile}" ]; then print_section left 0 ''; fi`,
    `for name in ${leftFiles.join(" ")}; do`,
    `if [ -f "$folder/$name" ]; then section "left.$name" cat "$folder/$name"; fi`,
    "done",
  ]);
}

/** A fence stays: it is there for a script that may come late. */
export function createForgetScript(actIds: readonly string[]): Script {
  const files = leftFiles.map((name) => `"$folder/${name}"`).join(" ");
  return createScript([
    `for folder in ${quoteCommand(actIds.map(folderOf))}; do`,
    `if [ -d "$folder" ] && [ ! -f "$folder/${fenceFile}" ]; then rm -f ${files}; rmdir "$folder"; fi`,
    "done",
  ]);
}
