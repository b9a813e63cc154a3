/** How the records of an archive get into the collections. */
import type { Collection } from "mongodb";
import { AppError } from "../../errors.ts";
import type { NodeName, NodePulse, VmId, VmUsage } from "../../model.ts";
import type { ArchiveRecord, HeadsRecord } from "../archive.ts";
import { type Collections, requestId } from "./documents.ts";
import { taskFields } from "./effects.ts";
import { documentVersion as v } from "./version.ts";

export interface ArchiveWriter {
  add(record: ArchiveRecord): Promise<void>;
  /** Resolves when all of it is durable. */
  end(): Promise<Written>;
}

export interface Written {
  readonly heads: HeadsRecord;
  /** How many documents each collection was given. */
  readonly counts: ReadonlyMap<CollectionName, number>;
}

export type CollectionName = keyof Collections;

/** The number of the first entry, which is still to come: every later one may replace what is written here. */
const seq = 0;
const batch = 200;

export function createArchiveWriter(collections: Collections): ArchiveWriter {
  const held = new Map<CollectionName, object[]>();
  const counts = new Map<CollectionName, number>();
  const nodeOfVm = new Map<VmId, NodeName>();
  const pulses = new Map<NodeName, NodePulse>();
  const usages = new Map<NodeName, VmUsage[]>();
  const keys = new Map<NodeName, string[]>();
  let heads: HeadsRecord | undefined;

  async function put(name: CollectionName, document: object): Promise<void> {
    addTo(held, name, document);
    if (held.get(name)?.length === batch) await flush(name);
  }

  async function flush(name: CollectionName): Promise<void> {
    const documents = held.get(name) ?? [];
    if (documents.length === 0) return;
    held.delete(name);
    await (collections[name] as unknown as Collection<object>).insertMany(documents, { ordered: false });
    counts.set(name, (counts.get(name) ?? 0) + documents.length);
  }

  async function add(record: ArchiveRecord): Promise<void> {
    switch (record.kind) {
      case "heads":
        heads = record;
        return;
      case "node":
        return put("nodes", { _id: record.node.name, v, seq, node: record.node });
      case "vm":
        nodeOfVm.set(record.vm.id, record.vm.node);
        return put("vms", { _id: record.vm.id, v, seq, revision: record.revision, vm: record.vm });
      case "removedVm":
        return put("vms", { _id: record.id, v, seq, revision: record.revision, vm: null });
      case "nodePulse":
        pulses.set(record.pulse.node, record.pulse);
        return;
      case "vmUsage": {
        const node = nodeOfVm.get(record.usage.vmId);
        if (node !== undefined) addTo(usages, node, record.usage);
        return;
      }
      case "task": {
        const { sequence, task } = record;
        return put("tasks", { _id: task.id, ...taskFields(task, { sequence: seq }), sequence });
      }
      case "request": {
        const { actor, key, taskId, inputHash, at } = record;
        return put("requests", { _id: requestId(actor, key), v, seq, taskId, inputHash, at });
      }
      case "audit": {
        const { sequence, ...entry } = record.entry;
        return put("audit", { _id: sequence, v, ...entry });
      }
      case "loginRefusal":
        return put("logins", { _id: record.node, v, refusal: record.refusal });
      case "hostKey":
        return addTo(keys, record.node, record.fingerprint);
      default:
        record satisfies never;
    }
  }

  return {
    add,
    async end() {
      if (heads === undefined) throw new AppError("INVALID_INPUT", "The records have no heads: they are no archive.");
      for (const node of new Set([...pulses.keys(), ...usages.keys()])) {
        const pulse = pulses.get(node) ?? null;
        await put("readings", { _id: node, v, seq, pulse, usages: usages.get(node) ?? [] });
      }
      for (const [node, fingerprints] of keys) await put("hostKeys", { _id: node, v, fingerprints });
      for (const name of held.keys()) await flush(name);
      return { heads, counts };
    },
  };
}

function addTo<K, T>(lists: Map<K, T[]>, key: K, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
