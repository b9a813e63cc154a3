/** The output of a scan as an observation. What is damaged says nothing; it never passes for "there is none". */
import { timestampOf } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { HostFacts, HostObservation, Listing, RunningVm, VmRead } from "../driver.ts";
import { parseFilesystemList, parsePortGroupList, parseProcessList, parseVersion } from "../parse/esxcli.ts";
import { parseAllVms } from "../parse/getallvms.ts";
import { parseHostSummary } from "../parse/host-summary.ts";
import { hostdTrouble } from "../parse/hostd-trouble.ts";
import { excerpt, type Parsed } from "../parse/parsed.ts";
import { type Section, splitSections } from "../parse/sections.ts";
import { parseVmInventory } from "../parse/vm-inventory.ts";
import { readSummaries } from "./summaries.ts";

export interface ScanOutput {
  readonly stdout: string;
  readonly nonce: string;
  /** When the scan was started, by our clock in ms. */
  readonly startedAt: number;
  /** When all of it had come. */
  readonly endedAt: number;
}

/** @throws AppError OUTPUT_DAMAGED without the end mark, or with marks that don't fit */
export function readScan(output: ScanOutput): HostObservation {
  const { sections, isDone, damaged } = splitSections(output.stdout, output.nonce);
  if (isDone && damaged.length === 0) return observe(output, sections);
  const which = damaged.length > 0 ? ` (in ${damaged.slice(0, 5).join(", ")})` : "";
  throw new AppError(
    "OUTPUT_DAMAGED",
    `What the host sent was cut or garbled${which}, so nothing of it was used. It is tried again by itself; if this goes ` +
      `on, log in by ssh and look whether vim-cmd vmsvc/getallvms prints a whole list there.`,
  );
}

/** The listings as soon as they are whole, from an output that is still coming; undefined before that. */
export function readListings(output: ScanOutput): HostObservation | undefined {
  const { sections, damaged } = splitSections(output.stdout, output.nonce);
  return sections.has("listed") && damaged.length === 0 ? observe(output, sections) : undefined;
}

type Parse<T> = (text: string) => Parsed<T>;

function observe(output: ScanOutput, sections: ReadonlyMap<string, Section>): HostObservation {
  const problems: string[] = [];
  function read<T>(name: string, parse: Parse<T>, what?: string): T | undefined {
    const section = sections.get(name);
    if (section === undefined) return undefined;
    const parsed = section.exitCode === 0 ? parse(section.text) : { failed: said(section) };
    if ("ok" in parsed) return parsed.ok;
    if (what !== undefined) problems.push(`${what} could not be read: ${parsed.failed}`);
    return undefined;
  }

  const hangs = read("hanging", hangingText);
  if (hangs !== undefined) problems.push(hangs);
  const hostClock = read("clock", parseClock);
  const registered = read("inventory", parseVmInventory);
  const listing = read(
    "list",
    (text) => parseAllVms(text, registered && new Set(registered.keys())),
    "The list of VMs",
  );
  const reads = readSummaries(sections, { ...output, hostClock });
  const running = read("running", parseProcessList, "The list of running VMs");
  // Pieces of a text keep the whole of it in memory, and a VM's record outlives its scan by far: a copy lets the output go.
  return structuredClone<HostObservation>({
    at: timestampOf(output.startedAt),
    clockOffsetMs: hostClock === undefined ? undefined : hostClock * 1000 - output.startedAt,
    listing,
    registered,
    registerIsDamaged: registered === undefined && sections.get("inventory")?.exitCode === 0,
    running: running && isBelievable(running, { listing, reads }) ? running : read("running-local", parseProcessList),
    hostdUp: sections.has("list") && hostdTrouble(listing ? "" : (sections.get("list")?.text ?? "")) === undefined,
    facts: readFacts(read, sections.has("version")),
    usage: read("host", parseHostSummary),
    reads,
    problems,
  });
}

/** An empty list may be an emptied one. Summaries of the same scan that show a running VM give it away. */
function isBelievable(
  running: readonly RunningVm[],
  seen: { listing: Listing | undefined; reads: readonly VmRead[] },
): boolean {
  if (running.length > 0) return true;
  const summaries = seen.reads.flatMap((read) => (read.outcome === "read" ? [read.summary] : []));
  if (summaries.some((summary) => summary.powerState === "ON")) return false;
  return summaries.length > 0 || seen.listing?.vms.length === 0;
}

function readFacts(
  read: <T>(name: string, parse: Parse<T>) => T | undefined,
  wereAsked: boolean,
): HostFacts | undefined {
  if (!wereAsked) return undefined;
  const version = read("version", parseVersion);
  return {
    version: version?.version,
    build: version?.build,
    datastores: read("datastores", parseFilesystemList),
    portGroups: read("portgroups", parsePortGroupList),
  };
}

function hangingText(seconds: string): Parsed<string> {
  return {
    ok:
      `Its management agent hangs: an earlier scan has been waiting for the list of VMs for ${excerpt(seconds)} s. ` +
      `At the host's console: /etc/init.d/hostd restart. Running VMs go on meanwhile.`,
  };
}

function parseClock(text: string): Parsed<number> {
  const seconds = /^\d{9,11}$/.exec(text.trim());
  return seconds ? { ok: Number(seconds[0]) } : { failed: excerpt(text) };
}

function said(section: Section): string {
  return excerpt(section.text) || `nothing was printed (exit code ${section.exitCode})`;
}
