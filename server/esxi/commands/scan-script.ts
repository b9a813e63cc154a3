/**
 * The scan: one exec that prints host facts, the listings, and as many summaries as the budget allows.
 *
 * Listing all VMs and the running ones is cheap; a `get.summary` costs a real host up to a second. So the script itself
 * picks on the host what to read first: urgent VMs, new ones, those that moved or changed their power, then the longest
 * unread. It compares paths by their part below the datastore, because hosts print a datastore now by name, now by UUID.
 */
import type { KnownVm, ScanRequest } from "../driver.ts";
import { hereDocument, quoteNumber, quoteWord } from "../quote.ts";
import { createNonce, createScript, type Script, sectionLine } from "./script.ts";

export const inventoryPath = "/etc/vmware/hostd/vmInventory.xml";

export function createScanScript(request: ScanRequest): Script {
  const nonce = createNonce();
  const facts = request.facts ? factSections : [];
  return createScript([clockSection, ...facts, ...listings, ...summaries(request, nonce)], nonce);
}

/** What still answers while hostd does not: the file hostd keeps, and localcli, which speaks to the kernel itself. */
export function createFallbackScript(): Script {
  return createScript([clockSection, inventorySection, runningLocally]);
}

/** Exactly these VMs, two at a time. */
export function createReadScript(vmids: readonly number[]): Script {
  return createScript([clockSection, readTwoAtATime, `set -- ${vmids.map(quoteNumber).join(" ")}`, "stop=", readAll]);
}

const clockSection = sectionLine("clock", ["date", "+%s"]);
const inventorySection = sectionLine("inventory", ["cat", inventoryPath]);
const runningLocally = sectionLine("running-local", ["localcli", "vm", "process", "list"]);

const factSections = [
  sectionLine("version", ["vmware", "-v"]),
  sectionLine("datastores", ["esxcli", "--formatter=csv", "storage", "filesystem", "list"]),
  sectionLine("portgroups", ["esxcli", "--formatter=csv", "network", "vswitch", "standard", "portgroup", "list"]),
];

/**
 * getallvms is replaced by a fault while VMs are being added or removed (captured on 4.x): one more try.
 * The empty section `listed` says that the listings are whole and may be used before the summaries came.
 */
const listings = [
  inventorySection,
  `list=$(vim-cmd vmsvc/getallvms </dev/null 2>&1); list_rc=$?`,
  `case $list in`,
  `'(vmodl.fault.ManagedObjectNotFound)'*) list=$(vim-cmd vmsvc/getallvms </dev/null 2>&1); list_rc=$? ;;`,
  `esac`,
  `print_section list $list_rc "$list"`,
  `running=$(esxcli --formatter=csv vm process list </dev/null 2>&1); running_rc=$?`,
  `print_section running $running_rc "$running"`,
  `if [ $list_rc -ne 0 ] || [ $running_rc -ne 0 ]; then ${runningLocally}; fi`,
  sectionLine("host", ["vim-cmd", "hostsvc/hostsummary"]),
  `print_section listed 0 ''`,
];

function summaries(request: ScanRequest, nonce: string): readonly string[] {
  const seconds = quoteNumber(Math.max(1, Math.floor(request.budgetMs / 1000)));
  return [
    `known() { cat ${hereDocument(request.known.map(knownLine), nonce)}`,
    "}",
    choose,
    readTwoAtATime,
    "if [ $list_rc -eq 0 ]; then",
    "set -- $(choose)",
    `stop=$(( $(date +%s) + ${seconds} ))`,
    readAll,
    "fi",
  ];
}

/** `vmid urgent running path-below-the-datastore`; a path with a line break is not sent: its VM is read in its turn all the same. */
function knownLine(vm: KnownVm): string {
  const below = vm.path.replace(/^\/vmfs\/volumes\/[^/]*/, "");
  const path = /[\0\r\n]/.test(below) ? "" : below;
  return `${quoteNumber(vm.vmid)} ${vm.urgent ? 1 : 0} ${vm.running ? 1 : 0} ${path}`;
}

/**
 * `{ second; } | { first; cat; }` runs two commands at once and keeps their output apart without a file: the second
 * waits in the pipe until the first has been printed.
 */
const readTwoAtATime = `read_one() { section "vm.$1.$now" vim-cmd vmsvc/get.summary "$1"; }
read_two() { { read_one "$2"; } | { read_one "$1"; cat; }; }`;

const readAll = `while [ $# -gt 0 ]; do
now=$(date +%s)
if [ -n "$stop" ] && [ "$now" -ge "$stop" ]; then break; fi
if [ $# -ge 2 ]; then read_two "$1" "$2"; shift 2; else read_one "$1"; shift; fi
done`;

/** Prints the vmids to read, the most wanted first. Ids that only a note's text shows cost one fruitless read each. */
const choose = `choose() {
{
cat ${quoteWord(inventoryPath)} 2>/dev/null </dev/null
printf '\\n@@%s known\\n' "$nonce"
known
printf '@@%s running\\n%s\\n@@%s list\\n%s\\n' "$nonce" "$running" "$nonce" "$list"
} | awk -v nonce="$nonce" '
BEGIN { part = "inventory"; mark = "@@" nonce " " }
index($0, mark) == 1 { part = substr($0, length(mark) + 1); next }
part == "inventory" && /<objID>/ { id = $0; sub(/.*<objID>/, "", id); sub(/<.*/, "", id) }
part == "inventory" && /<vmxCfgPath>/ {
  path = $0; sub(/.*<vmxCfgPath>/, "", path); sub(/<\\/vmxCfgPath>.*/, "", path); sub(/^\\/vmfs\\/volumes\\/[^\\/]*/, "", path)
  gsub(/&lt;/, "<", path); gsub(/&gt;/, ">", path); gsub(/&quot;/, "\\"", path); gsub(/&apos;/, "\\047", path); gsub(/&amp;/, "\\\\&", path)
  registered[id] = path
}
part == "running" { runs = runs "\\n" $0 }
part == "list" && /^[0-9]+ / && length($1) <= 10 && !($1 in listed) { listed[$1] = 1; order[++listedCount] = $1 }
part == "known" {
  count++; vmid[count] = $1; urgent[count] = $2; running[count] = $3
  at = index($0, " /"); where[count] = at ? substr($0, at + 1) : ""; known[$1] = 1
}
END {
  for (i = 1; i <= count; i++) if (urgent[i] == 1) want(vmid[i])
  for (i = 1; i <= listedCount; i++) if (!(order[i] in known)) want(order[i])
  for (i = 1; i <= count; i++) if (moved(i) || (index(runs, where[i]) > 0) != (running[i] == 1)) want(vmid[i])
  for (i = 1; i <= count; i++) want(vmid[i])
}
function moved(i) { return (vmid[i] in registered) && registered[vmid[i]] != where[i] }
function want(id) { if ((id in listed) && !(id in wanted)) { wanted[id] = 1; print id } }
'
}`;
