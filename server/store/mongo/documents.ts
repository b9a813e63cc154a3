/**
 * The collections and the form of their documents. Each document carries the version of its form in `v`, and `seq`: the
 * journal entry that wrote it last, so that an older effect that comes late changes nothing.
 */
import type { Collection, Db } from "mongodb";
import type { Node, NodeName, NodePulse, Task, TaskId, Vm, VmId, VmUsage } from "../../model.ts";
import type { ServerId } from "../leases.ts";
import type { AuditEntry, LoginRefusal } from "../store.ts";
import type { JournalDocument } from "./journal.ts";

/** Of all documents. A later version reads the earlier ones. */
export const documentVersion = 1;

export interface Versioned {
  readonly v: number;
}

interface Sequenced extends Versioned {
  readonly seq: number;
}

export interface VmDocument extends Sequenced {
  readonly _id: VmId;
  /** The number of the revision that changed or removed it last. */
  readonly revision: number;
  /** Null: removed, and remembered for subscribers that resume. */
  readonly vm: Vm | null;
}

export interface NodeDocument extends Sequenced {
  readonly _id: NodeName;
  /** Null: removed. */
  readonly node: Node | null;
}

/** The latest readings of a node and its VMs, written once in a while. */
export interface ReadingsDocument extends Sequenced {
  readonly _id: NodeName;
  readonly pulse: NodePulse | null;
  readonly usages: readonly VmUsage[];
}

export interface TaskDocument extends Sequenced {
  readonly _id: TaskId;
  /** Rises with creation. */
  readonly sequence: number;
  readonly hasEnded: boolean;
  readonly kind: string;
  readonly state: string;
  readonly node: NodeName;
  readonly vmId: VmId | null;
  readonly task: Task;
}

/** Which task answered which request key. */
export interface RequestDocument extends Sequenced {
  /** JSON of actor and key. */
  readonly _id: string;
  readonly taskId: TaskId;
  readonly inputHash: string;
  /** ms since 1970. */
  readonly at: number;
}

export interface AuditDocument extends Versioned, Omit<AuditEntry, "sequence"> {
  readonly _id: number;
}

/** Who holds a node, as the journal has it; the lease itself is in `leases`. */
export interface HolderDocument extends Sequenced {
  readonly _id: NodeName;
  readonly owner: ServerId | null;
  readonly fence: number;
}

export interface LeaseDocument extends Versioned {
  readonly _id: NodeName;
  readonly owner: ServerId | null;
  readonly beat: number;
  readonly fence: number;
}

export interface ServerDocument extends Versioned {
  readonly _id: ServerId;
  readonly beat: number;
  readonly nodes: readonly NodeName[];
}

export interface LoginDocument extends Versioned {
  readonly _id: NodeName;
  readonly refusal: LoginRefusal | null;
}

export interface HostKeysDocument extends Versioned {
  readonly _id: NodeName;
  readonly fingerprints: readonly string[];
}

export interface Collections {
  readonly journal: Collection<JournalDocument>;
  readonly vms: Collection<VmDocument>;
  readonly nodes: Collection<NodeDocument>;
  readonly readings: Collection<ReadingsDocument>;
  readonly tasks: Collection<TaskDocument>;
  readonly requests: Collection<RequestDocument>;
  readonly audit: Collection<AuditDocument>;
  readonly holders: Collection<HolderDocument>;
  readonly leases: Collection<LeaseDocument>;
  readonly servers: Collection<ServerDocument>;
  readonly logins: Collection<LoginDocument>;
  readonly hostKeys: Collection<HostKeysDocument>;
  readonly probes: Collection<Versioned & { readonly _id: string }>;
}

export function collectionsOf(db: Db): Collections {
  return {
    journal: db.collection("journal"),
    vms: db.collection("vms"),
    nodes: db.collection("nodes"),
    readings: db.collection("readings"),
    tasks: db.collection("tasks"),
    requests: db.collection("requests"),
    audit: db.collection("audit"),
    holders: db.collection("holders"),
    leases: db.collection("leases"),
    servers: db.collection("servers"),
    logins: db.collection("logins"),
    hostKeys: db.collection("hostKeys"),
    probes: db.collection("probes"),
  };
}

/** Harmless where they are there already. */
export async function makeIndexes({ tasks, requests, vms }: Collections): Promise<void> {
  await Promise.all([
    tasks.createIndex({ sequence: -1 }),
    tasks.createIndex({ hasEnded: 1, sequence: -1 }),
    tasks.createIndex({ node: 1, sequence: -1 }),
    tasks.createIndex({ vmId: 1, sequence: -1 }),
    requests.createIndex({ at: 1 }),
    vms.createIndex({ revision: 1 }),
  ]);
}
