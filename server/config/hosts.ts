import { readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { NodeConfig } from "../config.ts";
import { parseHostsDocument, type Value } from "./document.ts";
import { ConfigError, type ConfigFault } from "./faults.ts";
import { faultOf } from "./fields.ts";
import { reasonOf } from "./identity.ts";
import { type NodeDefaults, readNode } from "./node.ts";
import type { Environment } from "./paths.ts";

export interface Hosts {
  readonly nodes: readonly NodeConfig[];
  /** Things worth telling that are no faults. */
  readonly notices: readonly string[];
}

export interface HostsSurroundings {
  readonly env: Environment;
  readonly defaults: NodeDefaults;
}

const maxBytes = 1_048_576;

/** Reads hosts.yml. `path` is absolute. @throws ConfigError that holds every fault of the file */
export async function readHosts(path: string, around: HostsSurroundings): Promise<Hosts> {
  return parseHosts(path, await loadHostsText(path), around);
}

/** @throws ConfigError where the file is missing, unreadable or too large */
export async function loadHostsText(path: string): Promise<string> {
  const refuse = (expected: string) =>
    new ConfigError([{ file: path, line: undefined, column: undefined, key: "", value: undefined, expected }]);
  try {
    const file = await stat(path);
    if (!file.isFile()) throw refuse("a file");
    if (file.size > maxBytes) throw refuse(`a file of at most ${maxBytes} bytes`);
    return await readFile(path, "utf8");
  } catch (thrown) {
    if (thrown instanceof ConfigError) throw thrown;
    throw refuse(isMissing(thrown) ? twoWaysOn(path) : `a file this process may read (${reasonOf(thrown)})`);
  }
}

/** What a newcomer reads first. */
function twoWaysOn(path: string): string {
  return `a file that names your hosts, and there is none. Two ways on:

        npm run demo
            to look at ECoMan on simulated hosts first
        cp hosts.example.yml ${path}
            then put your own hosts into it (README: "Your own hosts in five steps") and start again
`;
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
}

/** As `readHosts`, for a text that was read already. @throws ConfigError */
export async function parseHosts(path: string, text: string, around: HostsSurroundings): Promise<Hosts> {
  const { root, faults: unreadable } = parseHostsDocument(path, text);
  const faults: ConfigFault[] = [...unreadable];
  const notices: string[] = [];
  const nodes: NodeConfig[] = [];
  const report = (value: Value, expected: string) => void faults.push(faultOf(path, value, expected));
  const reading = { ...around, folder: dirname(path), report, notice: (notice: string) => void notices.push(notice) };

  if (root !== undefined && (root.kind !== "map" || root.entries.size === 0)) {
    report({ ...root, key: "" }, "at least one node: a name, and below it addr, username, identity_file_path");
  }
  const entries = root?.kind === "map" ? root.entries : new Map<string, Value>();
  for (const [name, value] of entries) {
    const node = await readNode(name, value, reading);
    const twin = node && nodes.find(({ address, port }) => address === node.address && port === node.port);
    if (twin !== undefined)
      report(addressOf(value), `another addr or port than ${twin.name} has: a host stands here once`);
    if (node !== undefined) nodes.push(node);
  }
  if (faults.length > 0) throw new ConfigError(inFileOrder(faults.filter(isFirstOfItsKind)));
  return { nodes, notices };
}

/** A merge key brings the same words, with the same fault, into several nodes. */
function isFirstOfItsKind(fault: ConfigFault, index: number, faults: readonly ConfigFault[]): boolean {
  const sameWords = ({ line, column, expected }: ConfigFault) =>
    line === fault.line && column === fault.column && expected === fault.expected;
  return faults.findIndex(sameWords) === index;
}

function inFileOrder(faults: readonly ConfigFault[]): ConfigFault[] {
  return faults.toSorted(
    (left, right) => (left.line ?? 0) - (right.line ?? 0) || (left.column ?? 0) - (right.column ?? 0),
  );
}

function addressOf(value: Value): Value {
  return (value.kind === "map" ? value.entries.get("addr") : undefined) ?? value;
}
