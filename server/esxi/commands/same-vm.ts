/**
 * The shell function `same_vm`: is the VM behind `$vmid` still the one that is meant? It reads `$summary`, `$path`,
 * `$datastore_path` and `$uuid`, in the same script that acts.
 *
 * Path and UUID must stand in the summary, once each. A note, or a hostname that a guest reports, can imitate those
 * lines; where one does, the file that hostd keeps must name this very path for the vmid as well.
 */
import { AppError } from "../../errors.ts";
import type { VmAddress } from "../driver.ts";
import { quoteNumber, quoteWord } from "../quote.ts";
import { inventoryPath, registerFunction } from "./vm-inventory-awk.ts";

/** The variables by which a script knows its VM. @throws AppError CONFLICT where too little is known to be sure of it */
export function addressVariables(vm: VmAddress): readonly string[] {
  if (vm.datastorePath === null || !vm.path.startsWith("/vmfs/volumes/")) {
    throw new AppError(
      "CONFLICT",
      `The VM with vmid ${vm.vmid} has not been read yet, so it can't be told from others safely. Refresh its node and try again.`,
    );
  }
  return [
    `vmid=${quoteNumber(vm.vmid)}`,
    `path=${quoteWord(vm.path)}`,
    `datastore_path=${quoteWord(vm.datastorePath)}`,
    `uuid=${quoteWord(vm.uuid ?? "")}`,
  ];
}

/** Puts the summary of `$id`, a vmid or a path, into `$summary`. */
export const readSummary = `read_summary() { summary=$(vim-cmd vmsvc/get.summary "$id" </dev/null 2>&1); summary_rc=$?; }`;

export const sameVm = String.raw`same_vm() {
{
printf '%s\n%s\n' "$vmid" "$path"
printf '      vmPathName = "%s"\n' "$datastore_path"
if [ -n "$uuid" ]; then printf '      uuid = "%s"\n' "$uuid"; else echo; fi
cat ${quoteWord(inventoryPath)} 2>/dev/null </dev/null
printf '\n@@%s summary\n%s\n' "$nonce" "$summary"
} | awk -v mark="@@$nonce summary" '
NR == 1 { vmid = $0; next }
NR == 2 { path = $0; next }
NR == 3 { wantedPath = $0; next }
NR == 4 { wantedUuid = $0; next }
$0 == mark { inSummary = 1; next }
!inSummary { register($0); next }
{ line = $0; sub(/,? *$/, "", line) }
index(line, "      vmPathName = ") == 1 { paths++; if (line == wantedPath) pathFound = 1 }
index(line, "      uuid = ") == 1 { uuids++; if (line == wantedUuid) uuidFound = 1 }
END {
  if (wantedUuid == "") { uuidFound = 1; uuids = 1 }
  if (!pathFound || !uuidFound) exit 1
  if (paths > 1 || uuids > 1) exit (registered[vmid] != path)
  exit 0
}
${registerFunction}
'
}`;
