/** /etc/vmware/hostd/vmInventory.xml: which VMs are registered, whether hostd answers or not. */
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { excerpt, type Parsed } from "./parsed.ts";

const maxDepth = 10;

const parser = new XMLParser({
  isArray: (name) => name === "ConfigEntry",
  parseTagValue: false,
  trimValues: false,
  maxNestedTags: maxDepth,
  htmlEntities: true,
});

/**
 * vmid → path of the .vmx. An entry stays when its .vmx is gone. The file is read whole or not at all: XML that is cut,
 * an entry without id or path, or an id given twice is a failure. Never throws.
 */
export function parseVmInventory(text: string): Parsed<ReadonlyMap<number, string>> {
  const fault = faultIn(text);
  if (fault !== undefined) return { failed: fault };
  const entries = entriesIn(text);
  if ("failed" in entries) return entries;
  const paths = new Map<number, string>();
  for (const entry of entries.ok) {
    const vmid = textOf(entry, "objID").trim();
    const path = textOf(entry, "vmxCfgPath").trim();
    if (!/^\d{1,10}$/.test(vmid) || !path.startsWith("/") || paths.has(Number(vmid))) {
      return { failed: `an entry of the inventory can't be read: ${excerpt(JSON.stringify(entry))}` };
    }
    paths.set(Number(vmid), path);
  }
  return { ok: paths };
}

/** hostd writes no DOCTYPE; one could only define entities that blow up. */
function faultIn(text: string): string | undefined {
  if (!text.trimStart().startsWith("<")) return `no XML in: ${excerpt(text)}`;
  if (text.includes("<!DOCTYPE") || text.includes("<!ENTITY")) return "the inventory has a DOCTYPE";
  if (!isShallow(text)) return `the inventory has more than ${maxDepth} levels`;
  const validity = XMLValidator.validate(text);
  return validity === true ? undefined : `the inventory is no whole XML: ${excerpt(validity.err.msg)}`;
}

/** The validator takes quadratic time for deep nesting, so depth is looked at first. Too deep is what opens that many more than it closes. */
function isShallow(text: string): boolean {
  let depth = 0;
  let close = -1;
  for (let at = text.indexOf("<"); at >= 0 && depth <= maxDepth; at = text.indexOf("<", at + 1)) {
    if (close < at) close = text.indexOf(">", at);
    if (close < 0) return true;
    const next = text[at + 1];
    if (next === "/") depth -= 1;
    else if (next !== "?" && next !== "!" && text[close - 1] !== "/") depth += 1;
  }
  return depth <= maxDepth;
}

function entriesIn(text: string): Parsed<readonly unknown[]> {
  let document: unknown;
  try {
    document = parser.parse(text);
  } catch (thrown) {
    return { failed: `the inventory is no XML: ${excerpt(thrown instanceof Error ? thrown.message : String(thrown))}` };
  }
  const root = fieldOf(document, "ConfigRoot") ?? fieldOf(document, "Root");
  if (root === undefined) return { failed: `no inventory in: ${excerpt(text)}` };
  const entries = fieldOf(root, "ConfigEntry");
  return { ok: Array.isArray(entries) ? entries : [] };
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

function textOf(entry: unknown, name: string): string {
  const value = fieldOf(entry, name);
  return typeof value === "string" ? value : "";
}
