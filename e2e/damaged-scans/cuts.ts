/** Every way in which one section of a recording is cut, emptied or replaced. */
import { beginMark, endMark, linesOf, type Part, partsOf, printed } from "./parts.ts";
import type { Recording } from "./record.ts";

/** What a shell gave for a scan. */
export interface ScanOutput {
  readonly stdout: string;
  /** Undefined: the connection was cut. */
  readonly exitCode: number | undefined;
}

export interface Damage extends ScanOutput {
  readonly title: string;
  readonly section: string;
  /** The section looks whole by its marks. */
  readonly marksIntact: boolean;
}

const fault = (type: string, fields: readonly string[] = []): string =>
  `(${type}) {\n${fields.map((field) => `   ${field}\n`).join("")}}\n`;

/** What hosts print in place of what was asked for. */
export const faults: Readonly<Record<string, string>> = {
  "a missing object": fault("vmodl.fault.ManagedObjectNotFound", [
    "obj = 'vim.VirtualMachine:672', ",
    'msg = "The object has already been deleted or has not been completely created"',
  ]),
  "a missing VM": fault("vim.fault.NotFound", ['msg = "Unable to find a VM corresponding to "2""']),
  "a cancelled request": fault("vmodl.fault.RequestCanceled", ["faultMessage = <unset>"]),
  "a refused login": "Failed to login: Connection refused\n",
  "a login that met no TLS":
    "Failed to login: SSL Exception: The SSL handshake timed out local: 127.0.0.1:52713 peer: 127.0.0.1:443.\n",
  "esxcli without hostd": "Connect to localhost failed: Connection failure\n",
  "an esxcli error": "Error: Unknown command or namespace vm process list\n\n",
  "no memory": "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc\nAborted\n",
  "a missing command": "sh: vim-cmd: not found\n",
  blanks: "   \n\n",
};

export interface Damages {
  readonly recording: Recording;
  /** everywhere: cut at every line, emptied, and replaced by every fault · briefly: emptied and replaced by some. */
  readonly depthOf: (section: string) => "everywhere" | "briefly" | "not at all";
}

export function* damagesOf({ recording, depthOf }: Damages): Generator<Damage> {
  const parts = partsOf(recording);
  for (const [index, part] of parts.entries()) {
    const depth = depthOf(part.name);
    if (depth === "not at all") continue;
    const lines = linesOf(part.text);
    const places = depth === "everywhere" ? lines.map((_, line) => line) : [0];
    const place = { title: recording.title, parts, index, part };
    for (const line of places) yield* cutAt(place, lines.slice(0, line).join(""), line);
    yield* withoutMarks(place);
    const replacements = Object.entries(faults);
    for (const [name, text] of depth === "everywhere" ? replacements : replacements.slice(1, 4))
      yield* replacedBy(place, name, text);
  }
}

interface Place {
  readonly title: string;
  readonly parts: readonly Part[];
  readonly index: number;
  readonly part: Part;
}

function* cutAt(place: Place, text: string, line: number): Generator<Damage> {
  const { part } = place;
  const head = before(place) + beginMark(part) + text;
  const where = line === 0 ? "emptied" : `cut before line ${line + 1}`;
  yield damage(place, where, { stdout: withText(place, text), marksIntact: true });
  yield damage(place, `${where}, its end mark lost`, { stdout: head + after(place) });
  yield damage(place, `${where}, and all after it lost`, { stdout: head });
  if (line > 0 && !isList(part.name)) return;
  yield damage(place, `${where}, and the connection`, { stdout: head, exitCode: undefined });
  const killed = withText(place, `${text}Killed\n`, 137);
  yield damage(place, `${where}, its command killed`, { stdout: killed, marksIntact: true });
}

/** Which VMs there are and which run is told by these. */
export function isList(section: string): boolean {
  return section === "list" || section === "running";
}

function* withoutMarks(place: Place): Generator<Damage> {
  const { part } = place;
  yield damage(place, "without its begin mark", { stdout: before(place) + part.text + endMark(part) + after(place) });
  yield damage(place, "without its marks", { stdout: before(place) + part.text + after(place) });
  yield damage(place, "left out", { stdout: before(place) + after(place), marksIntact: true });
}

function* replacedBy(place: Place, name: string, text: string): Generator<Damage> {
  for (const exitCode of [0, 1]) {
    const stdout = withText(place, text, exitCode);
    yield damage(place, `replaced by ${name}, exit code ${exitCode}`, { stdout, marksIntact: true });
  }
  const stdout = before(place) + beginMark(place.part) + text + after(place);
  yield damage(place, `replaced by ${name}, its end mark lost`, { stdout });
}

function damage(place: Place, what: string, output: Partial<Damage> & { readonly stdout: string }): Damage {
  const { title, part } = place;
  return { exitCode: 0, marksIntact: false, ...output, section: part.name, title: `${title}: ${part.name} ${what}` };
}

function before({ parts, index }: Place): string {
  return parts
    .slice(0, index)
    .map((part) => beginMark(part) + part.text + endMark(part))
    .join("");
}

function after({ parts, index }: Place): string {
  return printed(parts.slice(index + 1));
}

function withText({ parts, index, part }: Place, text: string, exitCode = part.exitCode): string {
  return printed(parts.with(index, { ...part, text, exitCode }));
}
