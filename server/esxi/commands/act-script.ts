/**
 * Acting on one VM: check who it is and how it is, then act, all in one script, so that nothing comes between.
 *
 * The command itself runs detached: `power.on` blocks while a question is pending, and a line that drops must not take
 * the command with it. What it prints is kept in a small folder under /tmp until `forget`. Creating that folder is the
 * claim: the same act can't be started twice.
 *
 * The command names the VM by its .vmx path first: vim-cmd takes one in place of the vmid (public notes; its NotFound
 * text shows the path), and a path can't have become another VM's since the check. A host that knows no such VM has
 * done nothing; the vmid is then checked once more and used. Between that check and the command a moment is left in which
 * the number could become another VM's, so it is checked again afterwards: what may have strayed is told, not hidden.
 */
import { AppError } from "../../errors.ts";
import type { PowerState } from "../../model.ts";
import type { ActRequest, AnswerAct } from "../driver.ts";
import { quoteCommand, quoteNumber, quoteWord } from "../quote.ts";
import { type HostPowerState, type PowerRule, powerRules } from "./power-rules.ts";
import { addressVariables, readSummary, sameVm } from "./same-vm.ts";
import { createScript, type Script } from "./script.ts";

/** The files in an act's folder. */
export const leftFiles = ["start", "output", "exit", "task", "stray"] as const;

/** The verdicts that an act script prints. */
export const verdicts = [
  "started",
  "already",
  "refused-identity",
  "refused-duplicate",
  "refused-question",
  "refused-tools",
  "refused-state",
  "refused-changed",
  "failed-folder",
] as const;

/** The line that an act sends to change something, as a person would type it. */
export function plannedCommands(request: ActRequest): readonly string[] {
  const { before, after } = wordsOf(request);
  return [quoteCommand([...before, request.vm.path, ...after])];
}

/** @throws AppError CONFLICT where the VM is not known well enough, INVALID_INPUT for words no command may hold */
export function createActScript(request: ActRequest): Script {
  return createScript([
    ...addressVariables(request.vm),
    `folder=${quoteWord(folderOf(request.actId))}`,
    `verdict() { section verdict printf '%s' "$1"; }`,
    readSummary,
    sameVm,
    `id=$vmid; read_summary; print_section summary $summary_rc "$summary"`,
    stateOf,
    ...(request.act.kind === "answer" ? [sameQuestion(request.act)] : []),
    "if ! same_vm; then verdict refused-identity",
    ...checks(request),
    'elif ! mkdir "$folder" 2>/dev/null; then',
    'if [ -d "$folder" ]; then verdict refused-duplicate; else verdict failed-folder; fi',
    // A full RAM disk gives a folder and no room in it: nothing of the command's outcome could be kept. busybox's date does not say so.
    'elif date +%s >"$folder/start"; [ ! -s "$folder/start" ]; then rm -f "$folder/start"; rmdir "$folder"; verdict failed-folder',
    "else",
    noteStray,
    detached(request),
    "verdict started",
    "fi",
  ]);
}

/** @throws AppError INVALID_INPUT */
export function folderOf(actId: string): string {
  if (/^[A-Za-z0-9-]{1,64}$/.test(actId)) return `/tmp/ecoman-${actId}`;
  throw new AppError("INVALID_INPUT", "An act's id is 1 to 64 letters, digits and dashes.");
}

/** First occurrences only: they come before anything in the summary that a guest or a note can write. */
const stateOf = String.raw`set -- $(printf '%s\n' "$summary" | awk '
state == "" && index($0, "      powerState = ") == 1 { state = word($0) }
question == "" && index($0, "      question = ") == 1 { question = /(null|<unset>),? *$/ ? "none" : "pending" }
tools == "" && index($0, "      toolsRunningStatus = ") == 1 { tools = word($0) }
END { print (state ? state : "unknown"), (question ? question : "none"), (tools ? tools : "unknown") }
function word(line) {
  sub(/^[^"]*"/, "", line); sub(/".*/, "", line)
  return line ~ /^[A-Za-z]+$/ ? line : "unknown"
}
')
state=$1; question=$2; tools=$3`;

function checks(request: ActRequest): readonly string[] {
  const expected = request.expectedPowerState && hostStateOf[request.expectedPowerState];
  const answer = request.act.kind === "answer" ? ["elif ! same_question; then verdict refused-changed"] : [];
  const power =
    request.act.kind === "power" ? powerChecks(powerRules[request.act.action]) : { already: [], others: [] };
  return [
    ...(expected ? [`elif [ "$state" != ${expected} ]; then verdict refused-state`] : []),
    ...power.already,
    ...answer,
    ...power.others,
  ];
}

function powerChecks(rule: PowerRule): { already: readonly string[]; others: readonly string[] } {
  const possible = rule.from.map((state) => `[ "$state" != ${state} ]`).join(" && ");
  return {
    already: rule.already ? [`elif [ "$state" = ${rule.already} ]; then verdict already`] : [],
    others: [
      ...(rule.stopsAtQuestion ? ['elif [ "$question" = pending ]; then verdict refused-question'] : []),
      `elif ${possible}; then verdict refused-state`,
      ...(rule.needsTools ? ['elif [ "$tools" = guestToolsNotRunning ]; then verdict refused-tools'] : []),
    ],
  };
}

const hostStateOf: Record<PowerState, HostPowerState | "unknown"> = {
  ON: "poweredOn",
  OFF: "poweredOff",
  SUSPENDED: "suspended",
  UNKNOWN: "unknown",
};

/**
 * Numbers of choices differ from version to version, so number and label must both be those that the person saw. The label
 * stands behind the number alone, before its text in parentheses, or as that text.
 */
function sameQuestion(answer: AnswerAct): string {
  return String.raw`same_question() {
{
printf 'Virtual machine message %s:\n' ${quoteWord(answer.questionId)}
printf '%s. \n' ${quoteWord(answer.choiceKey)}
printf '%s\n' ${quoteWord(answer.choiceLabel)}
vim-cmd vmsvc/message "$vmid" </dev/null 2>&1
} | awk '
NR == 1 { heading = $0; next }
NR == 2 { key = $0; next }
NR == 3 { label = $0; text = "(" label ")"; next }
{ line = $0; gsub(/^ +|[ \r]+$/, "", line) }
line == heading { found = 1; next }
found && index(line, key) == 1 {
  choice = substr(line, length(key) + 1); sub(/ *\[default\]$/, "", choice)
  at = length(choice) - length(text) + 1
  if (choice == label || index(choice, label " (") == 1 || (at > 0 && substr(choice, at) == text)) same = 1
}
END { exit !same }'
}`;
}

function detached(request: ActRequest): string {
  const { before, after } = wordsOf(request);
  const command = `${quoteCommand(before)} "$target" ${quoteCommand(after)}`.trimEnd();
  return `(
run() { target=$1; ${command} </dev/null >"$folder/output" 2>&1; exit_code=$?; }
run "$path"
case $(cat "$folder/output") in
*'Unable to find a VM corresponding to'*) read_summary; if same_vm; then run "$vmid"; note_stray; fi ;;
esac
${keepHostTask(request)}printf '%s\\n' "$exit_code" >"$folder/exit"
) </dev/null >/dev/null 2>&1 &`;
}

/** Leaves a file unless the number still is the VM's: in it who goes by the number now, nothing where that can't be read. */
const noteStray = String.raw`note_stray() {
case $(cat "$folder/output") in
*'Unable to find a VM corresponding to'*) return ;;
esac
read_summary
same_vm || printf '%s\n' "$summary" | sed -n 's/^ *vmPathName = "\(.*\)",\{0,1\} *$/\1/p' | head -n 1 >"$folder/stray"
}`;

function keepHostTask(request: ActRequest): string {
  const name = request.act.kind === "power" ? powerRules[request.act.action].hostTask : undefined;
  if (name === undefined) return "";
  const pattern = `s/^.*vim.Task:\\(haTask-[0-9]*-vim.VirtualMachine.${name}-[0-9]*\\).*$/\\1/p`;
  return `task=$(vim-cmd vmsvc/get.tasklist "$target" </dev/null 2>/dev/null | sed -n ${quoteWord(pattern)} | tail -n 1)
if [ -n "$task" ]; then vim-cmd vimsvc/task_info "$task" </dev/null >"$folder/task" 2>&1; fi
`;
}

/** The words of the command before and after the one that names the VM. */
function wordsOf(request: ActRequest): { before: readonly string[]; after: readonly string[] } {
  const { act } = request;
  if (act.kind === "power") return { before: ["vim-cmd", `vmsvc/${powerRules[act.action].verb}`], after: [] };
  const key = quoteNumber(Number(act.choiceKey));
  if (!/^[A-Za-z0-9_.-]{1,64}$/.test(act.questionId) || act.questionId.startsWith("-")) {
    throw new AppError(
      "INVALID_INPUT",
      "The host gave this question an id that can't be sent back; answer it in the host's own client.",
    );
  }
  return { before: ["vim-cmd", "vmsvc/message"], after: [act.questionId, key] };
}
