/**
 * The shell function `choose`: which VMs a scan reads, the most wanted first. It runs on the host, because only there
 * the lists of this very scan are at hand before anything was sent back.
 *
 * First urgent VMs, then new ones, then those that moved or changed their power, then the longest unread. One in four is
 * taken from these last in any case: a VM that seems to change in every scan must not keep the others from their turn.
 *
 * Hosts print a datastore now by its name, now by its UUID, so paths are compared by their part below it; where two
 * datastores hold the same folder, by how many of these VMs run.
 */
import type { KnownVm } from "../driver.ts";
import { hereDocument, quoteNumber, quoteWord } from "../quote.ts";
import { inventoryPath, registerFunction } from "./vm-inventory-awk.ts";

/** It reads `$list`, `$running` and `$running_rc`. */
export function chooseFunction(known: readonly KnownVm[], nonce: string): readonly string[] {
  return [`known() { cat ${hereDocument(known.map(knownLine), nonce)}`, "}", choose];
}

/** `vmid urgent running path-below-the-datastore`; a path with a line break is not sent: its VM is read in its turn all the same. */
function knownLine(vm: KnownVm): string {
  const below = vm.path.replace(/^\/vmfs\/volumes\/[^/]*/, "");
  const path = /[\0\r\n]/.test(below) ? "" : below;
  return `${quoteNumber(vm.vmid)} ${vm.urgent ? 1 : 0} ${vm.running ? 1 : 0} ${path}`;
}

/**
 * A line of a note may look like a row of getallvms. Its number counts as a VM only where the file that hostd keeps does
 * not tell better; it tells when it holds the first row, the one that can't be a note's.
 */
const choose = String.raw`choose() {
{
cat ${quoteWord(inventoryPath)} 2>/dev/null </dev/null
printf '\n@@%s known\n' "$nonce"
known
printf '@@%s running\n' "$nonce"
if [ $running_rc -eq 0 ]; then printf '%s\n' "$running"; fi
printf '@@%s list\n%s\n' "$nonce" "$list"
} | awk -v nonce="$nonce" '
BEGIN { part = "inventory"; mark = "@@" nonce " " }
index($0, mark) == 1 { part = substr($0, length(mark) + 1); next }
part == "inventory" { register($0) }
part == "known" {
  count++; vmid[count] = $1; urgent[count] = $2; known[$1] = 1
  at = index($0, " /"); place[count] = at ? substr($0, at + 1) : ""
  if ($3 == 1) ran[place[count]]++
}
part == "running" { if (NF > 0) hasRunning = 1; runs[below(configFile($0))]++ }
part == "list" && /^ *[0-9]+ / && length($1) <= 10 && !($1 in listed) { listed[$1] = 1; rows[++rowCount] = $1 }
END {
  isTold = rows[1] in registered
  for (i = 1; i <= count; i++) if (urgent[i] == 1) want(vmid[i])
  for (i = 1; i <= rowCount; i++) if (!(rows[i] in known) && (!isTold || rows[i] in registered)) want(rows[i])
  for (i = 1; i <= count; i++) if (moved(i) || switched(i)) want(vmid[i])
  for (i = 1; i <= wantedCount; i++) { print wanted[i]; if (i % 3 == 0) printOldest() }
  while (printOldest());
}
function want(id) { if ((id in listed) && !(id in taken)) { taken[id] = 1; wanted[++wantedCount] = id } }
function printOldest(  id) {
  while (oldest < count) {
    id = vmid[++oldest]
    if (!(id in listed) || (id in taken)) continue
    taken[id] = 1
    print id
    return 1
  }
  return 0
}
function moved(i) {
  if (place[i] == "" || !(vmid[i] in registered) || registered[vmid[i]] == "") return 0
  return below(registered[vmid[i]]) != place[i]
}
function switched(i) { return hasRunning && place[i] != "" && runs[place[i]] + 0 != ran[place[i]] + 0 }
function below(path) { sub(/^\/vmfs\/volumes\/[^\/]*/, "", path); return path }
function configFile(row,  slash, quoted) {
  if (!match(row, /(^|,)"?\//)) return ""
  slash = RSTART + RLENGTH - 1
  quoted = slash > 1 && substr(row, slash - 1, 1) == "\""
  row = substr(row, slash)
  if (quoted) sub(/",.*/, "", row); else sub(/,.*/, "", row)
  gsub(/""/, "\"", row)
  return row
}
${registerFunction}
'
}`;
