/**
 * The shell function `registered_ids`: prints the vmids under which the host has `$vmx`, one a line; fails where it can't tell.
 *
 * hostd's own file is asked first: it needs no hostd, and tells the truth while a starting hostd lists nothing yet. The path may
 * stand there under the datastore's UUID or its name, so paths are compared below the datastore, then by what they lead to.
 * Should hostd write that file late, the vmid that `registervm` printed is in the mark, and its summary tells.
 */
import { quoteWord } from "../../quote.ts";
import { inventoryPath, registerFunction } from "../vm-inventory-awk.ts";

export const registeredIds = String.raw`listed_ids() {
{ printf '%s\n' "$vmx"; cat ${quoteWord(inventoryPath)}; } </dev/null | awk '
NR == 1 { wanted = below($0); next }
{ register($0) }
END { for (id in registered) if (id ~ /^[0-9]+$/ && length(id) <= 10 && below(registered[id]) == wanted) print id, registered[id] }
function below(path) { sub(/^\/vmfs\/volumes\/[^\/]*/, "", path); return path }
${registerFunction}
' | while read -r id path; do
if [ "$path" = "$vmx" ] || [ "$(readlink -f "$path")" = "$vmx" ]; then printf '%s\n' "$id"; fi
done
}
registered_ids() {
[ -r ${quoteWord(inventoryPath)} ] || return 1
listed=$(listed_ids)
if [ -n "$listed" ]; then printf '%s\n' "$listed"; return 0; fi
told=$(sed -n 's/^registered \([0-9]\{1,10\}\)$/\1/p' "$mark" 2>/dev/null | tail -n 1)
[ -n "$told" ] || return 0
summary=$(vim-cmd vmsvc/get.summary "$told" </dev/null 2>&1)
case $summary in
*'Unable to find a VM corresponding to'*) ;;
*"] $name/$name.vmx\""*) printf '%s\n' "$told" ;;
*'vmPathName = '*) ;;
*) return 1 ;;
esac
}`;
