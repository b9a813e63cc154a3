/** Looking at what is there of a creation. It changes nothing, and asks hostd only for the summary of a VM that is registered. */
import type { CreationOrder } from "../../creation.ts";
import { quoteWord } from "../../quote.ts";
import { folderOf } from "../act-script.ts";
import { fenceFile } from "../fence-script.ts";
import { createScript, type Script } from "../script.ts";
import { placeVariables } from "./places.ts";
import { registeredIds } from "./register-ids.ts";

/** In this order, so that what a step left is read before what it made: a step that ends in between shows as running. */
export const sightLines: readonly string[] = [
  `if [ -n "$act" ] && [ -d "$act" ] && [ ! -f "$act/${fenceFile}" ]; then print_section left 0 ''; fi`,
  'if [ -n "$act" ] && [ -f "$act/exit" ]; then read -r code <"$act/exit"; print_section left.exit 0 "$code"; fi',
  'if [ -n "$act" ] && [ -f "$act/output" ]; then section left.output cat "$act/output"; fi',
  // busybox's readlink -f also answers for what is not there.
  'if [ -d "$mount" ]; then section datastore readlink -f "$mount"; fi',
  'if is_ours; then print_section folder 0 ours; elif [ -e "$dir" ] || [ -L "$dir" ]; then print_section folder 0 foreign; else print_section folder 0 absent; fi',
  'if [ -f "$mark" ]; then section mark cat "$mark"; fi',
  'if [ -d "$dir" ]; then section files ls -A "$dir"; fi',
  'if [ -f "$vmx" ]; then section vmx cat "$vmx"; fi',
  'ids=$(registered_ids); print_section registered $? "$ids"',
  "case $ids in *[!0-9]* | '') ;; *) section summary vim-cmd vmsvc/get.summary \"$ids\" ;; esac",
];

/** @throws AppError INVALID_INPUT for words no command may hold */
export function createSightScript(order: CreationOrder, actId: string | undefined): Script {
  return createScript([
    ...placeVariables(order),
    registeredIds,
    `act=${actId === undefined ? "" : quoteWord(folderOf(actId))}`,
    ...sightLines,
  ]);
}
