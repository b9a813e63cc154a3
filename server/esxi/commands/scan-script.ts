/**
 * The scan: one exec that prints host facts, the listings, and as many summaries as the budget allows.
 *
 * Listing all VMs and the running ones is cheap; a `get.summary` costs a real host up to a second. So the script itself
 * picks on the host what to read first (choose.ts).
 */
import type { ScanRequest } from "../driver.ts";
import { quoteNumber } from "../quote.ts";
import { chooseFunction } from "./choose.ts";
import { unlessHung } from "./hung-scan.ts";
import { createNonce, createScript, type Script, sectionLine } from "./script.ts";
import { inventoryPath } from "./vm-inventory-awk.ts";

export function createScanScript(request: ScanRequest): Script {
  const nonce = createNonce();
  const facts = request.facts ? factSections : [];
  const all = [...facts, ...listings, ...summaries(request, nonce)];
  return createScript([clockSection, inventorySection, ...unlessHung(all, [runningLocally])], nonce);
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
  `list=$(vim-cmd vmsvc/getallvms </dev/null 2>&1); list_rc=$?`,
  `case $list in`,
  `'(vmodl.fault.ManagedObjectNotFound)'*) list=$(vim-cmd vmsvc/getallvms </dev/null 2>&1); list_rc=$? ;;`,
  `esac`,
  `print_section list $list_rc "$list"`,
  `running=$(esxcli --formatter=csv vm process list </dev/null 2>&1); running_rc=$?`,
  `print_section running $running_rc "$running"`,
  `if [ $list_rc -ne 0 ] || [ $running_rc -ne 0 ]; then ${runningLocally}; fi`,
  `print_section listed 0 ''`,
  "lists_came",
  sectionLine("host", ["vim-cmd", "hostsvc/hostsummary"]),
];

function summaries(request: ScanRequest, nonce: string): readonly string[] {
  const seconds = quoteNumber(Math.max(1, Math.floor(request.budgetMs / 1000)));
  return [
    ...chooseFunction(request.known, nonce),
    readTwoAtATime,
    "if [ $list_rc -eq 0 ]; then",
    "set -- $(choose)",
    `stop=$(( $(date +%s) + ${seconds} ))`,
    readAll,
    "fi",
  ];
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
