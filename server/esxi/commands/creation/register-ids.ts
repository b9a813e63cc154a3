/**
 * The shell function `registered_ids`: prints the vmids under which the host has `$vmx`, one a line; fails where it can't tell.
 *
 * hostd's own file is asked first: it needs no hostd, and tells the truth while a starting hostd lists nothing yet. It counts
 * only if it is whole, and spells no path that may be meant with character references, which are not read here. The path may stand there under the datastore's UUID or its name, so paths are compared below the
 * datastore, then by what they lead to. Should hostd write that file late, the vmid that `registervm` printed is in the mark,
 * and its summary tells, unless the file knows another VM by that number.
 */
import { quoteWord } from "../../quote.ts";
import { inventoryPath, registerFunction } from "../vm-inventory-awk.ts";

export const registeredIds = String.raw`registered_ids() {
told=
if [ -f "$mark" ]; then while read -r word rest; do if [ "$word" = registered ]; then told=$rest; fi; done <"$mark"; fi
case $told in *[!0-9]* | ???????????*) told= ;; esac
rows=$(awk -v wanted="/$name/$name.vmx" -v told="$told" '
/<\/ConfigRoot>|<\/Root>|<ConfigRoot *\/>|<Root *\/>/ { isWhole = 1 }
index($0, "&#") && index($0, wanted "<") { isVague = 1 }
{ register($0) }
END {
  for (id in registered) if (id ~ /^[0-9]+$/ && length(id) <= 10 && (id == told || below(registered[id]) == wanted)) print id, registered[id]
  exit (!isWhole || isVague)
}
function below(path) { sub(/^\/vmfs\/volumes\/[^\/]*/, "", path); return path }
${registerFunction}
' ${quoteWord(inventoryPath)} </dev/null 2>/dev/null) || return 1
[ -n "$rows$told" ] || return 0
listed=$(printf '%s\n' "$rows" | while read -r id path; do
if [ "$path" = "$vmx" ] || [ "$(readlink -f "$path")" = "$vmx" ]; then printf '%s\n' "$id"; fi
done)
if [ -n "$listed" ]; then printf '%s\n' "$listed"; return 0; fi
if [ -z "$told" ] || printf '%s\n' "$rows" | grep -q "^$told /"; then return 0; fi
summary=$(vim-cmd vmsvc/get.summary "$told" </dev/null 2>&1)
leads_to=$(printf '%s\n' "$summary" | sed -n 's|^ *vmPathName = "\[\(.*\)\] \(.*\)",\{0,1\} *$|/vmfs/volumes/\1/\2|p' | head -n 1)
if [ -z "$leads_to" ]; then
case $summary in *'Unable to find a VM corresponding to'*) return 0 ;; esac
return 1
fi
if [ "$(readlink -f "$leads_to")" = "$vmx" ]; then printf '%s\n' "$told"; fi
}`;
