/** What a line of a backup must look like before it gets anywhere near a store. */
import type { ArchiveKind, ArchiveRecord } from "../store/archive.ts";

type Form = "text" | "text or null" | "number" | "object";

/** By path within the record: what stores find records by, and put into columns and queries. */
const forms: Readonly<Record<ArchiveKind, Readonly<Record<string, Form>>>> = {
  heads: { revision: "number", oldestResumable: "number", "audit.count": "number", "audit.hash": "text" },
  node: { "node.name": "text" },
  vm: { revision: "number", "vm.id": "text", "vm.node": "text" },
  removedVm: { revision: "number", id: "text" },
  nodePulse: { "pulse.node": "text" },
  vmUsage: { "usage.vmId": "text" },
  task: {
    sequence: "number",
    "task.id": "text",
    "task.kind": "text",
    "task.state": "text",
    "task.actor": "text",
    "task.node": "text",
    "task.vmId": "text or null",
    "task.finishedAt": "text or null",
    "task.input": "object",
  },
  request: { actor: "text", key: "text", inputHash: "text", taskId: "text", at: "number" },
  audit: {
    "entry.sequence": "number",
    "entry.at": "text",
    "entry.actor": "text",
    "entry.action": "text",
    "entry.taskId": "text",
    "entry.node": "text",
    "entry.vmId": "text or null",
    "entry.input": "text",
    "entry.previousHash": "text",
    "entry.hash": "text",
  },
  loginRefusal: { node: "text", "refusal.at": "text", "refusal.credentialsHash": "text" },
  hostKey: { node: "text", fingerprint: "text" },
};

/** Undefined: this is no record. */
export function asRecord(value: unknown): ArchiveRecord | undefined {
  const kind = at(value, "kind");
  if (typeof kind !== "string" || !Object.hasOwn(forms, kind)) return undefined;
  const fields = Object.entries(forms[kind as ArchiveKind]);
  const fits = fields.every(([path, form]) => hasForm(path.split(".").reduce(at, value), form));
  return fits ? (value as ArchiveRecord) : undefined;
}

function at(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}

function hasForm(value: unknown, form: Form): boolean {
  switch (form) {
    case "text":
      return typeof value === "string";
    case "text or null":
      return value === null || typeof value === "string";
    case "number":
      return Number.isSafeInteger(value);
    case "object":
      return typeof value === "object" && value !== null;
    default:
      return form satisfies never;
  }
}
