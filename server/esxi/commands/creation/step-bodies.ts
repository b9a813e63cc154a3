/**
 * The bodies of a creation's steps. Each checks for itself that it may do what it does: the folder bears the job's mark, and a
 * file is made only where none was. What is about to be made is written into the mark first, so that whoever takes back knows.
 */
import { vmxEntries } from "../../blueprint.ts";
import type { CreationAct, CreationOrder, StepExit } from "../../creation.ts";
import { hereDocument, quoteCommand, quoteWord } from "../../quote.ts";
import { vmxLines } from "../../vmx.ts";
import { extentName, placesOf, vmdkName, vmxName } from "./places.ts";

/** Exit codes of our own, away from those that the host's commands use. */
export const exitCodes: Readonly<Record<Exclude<StepExit, "done" | "refused">, number>> = {
  taken: 90,
  "not-ours": 91,
  full: 92,
  "file-there": 93,
  unclear: 94,
  "in-use": 95,
  locked: 96,
  "kept-folder": 97,
};

/** @throws AppError INVALID_INPUT for words no command may hold */
export function bodyOf(order: CreationOrder, act: CreationAct, nonce: string): string {
  const bodies = {
    claim: () => claim,
    disk: () => disk(order),
    configure: () => configure(order, nonce),
    register: () => register(order),
    finish: () => finish,
    undo: () => undo(order, act),
  } as const;
  return bodies[act.step]().join("\n");
}

const unlessOurs = `is_ours || exit ${exitCodes["not-ours"]}`;

/** The shell's own printf fails on a full datastore without a word; cat says why. */
const sayWhy = `printf 'full\\n' | cat >>"$mark"`;

/** `mkdir` without -p is the test of ownership: it fails for whoever comes second. Why else it failed, its words tell. */
const claim = [
  'if ! mkdir "$dir"; then',
  `if [ -e "$dir" ] || [ -L "$dir" ]; then exit ${exitCodes.taken}; fi`,
  "exit 1",
  "fi",
  `if ! printf 'job %s\\n' "$job" >"$mark"; then ${sayWhy}; rm -f "$mark"; rmdir "$dir"; exit ${exitCodes.full}; fi`,
] as const;

/** Declares in the mark that a file is made from here on. */
function about(file: string): readonly string[] {
  return [`if ${isThere(file)}; then exit ${exitCodes["file-there"]}; fi`, note("made", file)];
}

function isThere(file: string): string {
  return `[ -e "$dir/"${quoteWord(file)} ] || [ -L "$dir/"${quoteWord(file)} ]`;
}

function note(word: "made" | "whole" | "foreign", file: string): string {
  return `printf '${word} %s\\n' ${quoteWord(file)} >>"$mark" || { ${sayWhy}; exit ${exitCodes.full}; }`;
}

/** Should the file turn up in the very moment before it is made, it is somebody else's, and the mark says so. */
function disk(order: CreationOrder): readonly string[] {
  const { name } = order.blueprint;
  return [
    unlessOurs,
    `if ${isThere(extentName(name))}; then exit ${exitCodes["file-there"]}; fi`,
    ...about(vmdkName(name)),
    `if ${diskCommand(order)} </dev/null; then :; else`,
    `code=$?; grep -qiE 'already exists|file exists' "$act/output" || exit $code`,
    note("foreign", vmdkName(name)),
    `exit ${exitCodes["file-there"]}`,
    "fi",
    note("whole", vmdkName(name)),
  ];
}

export function diskCommand(order: CreationOrder): string {
  return quoteCommand(["vmkfstools", "-c", `${order.blueprint.diskSizeGb}G`, "-d", "thin", placesOf(order).vmdk]);
}

/** Noclobber, for the same reason. */
function configure(order: CreationOrder, nonce: string): readonly string[] {
  const file = vmxName(order.blueprint.name);
  const lines = vmxLines(vmxEntries(order.blueprint));
  const size = Buffer.byteLength(`${lines.join("\n")}\n`);
  return [
    unlessOurs,
    ...about(file),
    `if ! ( set -C; : >"$vmx" ); then if [ -e "$vmx" ]; then ${note("foreign", file)}; exit ${exitCodes["file-there"]}; fi; exit ${exitCodes.full}; fi`,
    `cat >>"$vmx" ${hereDocument(lines, nonce)}`,
    `[ "$(stat -c %s "$vmx")" = ${size} ] || exit ${exitCodes.full}`,
    note("whole", file),
  ];
}

/**
 * `registervm` prints its faults on stdout, so only digits are a vmid. Without a resource pool some hosts answer
 * "A specified parameter was not correct: pool" (captured on 6.0): nothing is registered then, and it is named. What hostd
 * puts beside the .vmx is taken back as well.
 */
function register(order: CreationOrder): readonly string[] {
  const command = registerCommand(order);
  return [
    unlessOurs,
    ...registrationFiles(order.blueprint.name).map(
      (file) => `if ${isThere(file)}; then :; else ${note("made", file)}; fi`,
    ),
    `said=$(${command} </dev/null 2>&1)`,
    `case $said in *'invalidProperty = "pool"'*) said=$(${command} ha-root-pool </dev/null 2>&1) ;; esac`,
    `printf '%s\\n' "$said"`,
    "case $said in '' | *[!0-9]* | ???????????*) exit 1 ;; esac",
    `printf 'registered %s\\n' "$said" >>"$mark"`,
    "true",
  ];
}

export function registerCommand(order: CreationOrder): string {
  return quoteCommand(["vim-cmd", "solo/registervm", placesOf(order).vmx, order.blueprint.name]);
}

const finish = [unlessOurs, `rm -f "$mark" || exit ${exitCodes.locked}`] as const;

/** What hostd itself puts beside a .vmx when it registers it. */
export const registrationFiles = (name: string): readonly string[] => [`${name}.vmsd`, `${name}.vmxf`];

function undo(order: CreationOrder, { mayBeRegistered }: CreationAct): readonly string[] {
  const { name } = order.blueprint;
  const ifUnreadable = mayBeRegistered ? `exit ${exitCodes.unclear}` : ":";
  return [
    unlessOurs,
    `for trace in "$dir/"${quoteWord(`${name}.nvram`)} "$dir/vmware.log"; do if [ -e "$trace" ]; then exit ${exitCodes["in-use"]}; fi; done`,
    `made() { grep -qxF "made $1" "$mark" && ! grep -qxF "foreign $1" "$mark"; }`,
    `remove() { [ ! -e "$dir/$1" ] || rm -f "$dir/$1" || exit ${exitCodes.locked}; }`,
    `ids=$(registered_ids) || ${ifUnreadable}`,
    "for id in $ids; do",
    ...unregister,
    "done",
    ...[vmxName(name), ...registrationFiles(name)].map(
      (file) => `if made ${quoteWord(file)}; then remove ${quoteWord(file)}; fi`,
    ),
    `if made ${quoteWord(vmdkName(name))}; then remove ${quoteWord(vmdkName(name))}; remove ${quoteWord(extentName(name))}; fi`,
    `rm -f "$mark" || exit ${exitCodes.locked}`,
    `rmdir "$dir" || { ls -A "$dir"; exit ${exitCodes["kept-folder"]}; }`,
  ];
}

/** By the path first: it can't have become another VM's, as a number can. */
const unregister = [
  'state=$(vim-cmd vmsvc/power.getstate "$id" </dev/null 2>&1)',
  "case $state in",
  "*'Powered off'*) ;;",
  `*'Powered on'* | *Suspended*) printf '%s\\n' "$state"; exit ${exitCodes["in-use"]} ;;`,
  `*) printf '%s\\n' "$state"; exit ${exitCodes.unclear} ;;`,
  "esac",
  'said=$(vim-cmd vmsvc/unregister "$vmx" </dev/null 2>&1)',
  "case $said in *'Unable to find a VM corresponding to'*)",
  `[ "$(registered_ids)" = "$id" ] && said=$(vim-cmd vmsvc/unregister "$id" </dev/null 2>&1) ;;`,
  "esac",
  `printf '%s' "$said"`,
  `left=$(registered_ids) && [ -z "$left" ] || exit ${exitCodes.unclear}`,
] as const;
