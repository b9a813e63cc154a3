/** Random archives for tests: whole, in order, and with whatever texts a host or a user may bring. */
import * as fc from "fast-check";
import type { ArchiveRecord } from "../archive.ts";
import { chainEntry, emptyAudit } from "../audit-chain.ts";
import type { AuditEntry, AuditedDeed } from "../store.ts";
import { aNode, aNodePulse, aTask, aUsage, aVm } from "./samples.ts";

/** Any code points but halves of pairs, which no UTF-8 holds. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom("", "__proto__", "$where", "a.b", "\u2028\r\n\0", "ünïcode 虚拟 💾", "\uffff", "null"),
);
const id = fc.uuid();
const time = fc.integer({ min: 0, max: 4e12 }).map((ms) => new Date(ms).toISOString());
const number = fc.oneof(fc.nat(), fc.constantFrom(0, 2 ** 31, 2 ** 52, 0.1, 1e21));
const revision = fc.nat(1000);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

const node = fc
  .record({ name: text, address: text, statusMessage: maybe(text), labels: fc.array(text, { maxLength: 3 }) })
  .map(aNode);
const vm = fc.record({ id, node: text, name: text, comment: maybe(text), memorySizeMb: maybe(number) }).map(aVm);
const task = fc
  .record({
    id,
    actor: text,
    vmId: maybe(text),
    state: fc.constantFrom("QUEUED" as const, "SUCCEEDED" as const, "UNKNOWN" as const),
    hostOutput: text,
    commands: fc.array(text, { maxLength: 2 }),
    input: fc.record({ action: text, nested: fc.array(fc.record({ value: maybe(number) }), { maxLength: 2 }) }),
  })
  .map(aTask);
const someDeed = fc.record({
  actor: text,
  action: text,
  taskId: id,
  node: text,
  vmId: maybe(text),
  input: text,
  at: time,
});
const login = fc.record({ node: text, refusal: fc.record({ at: time, credentialsHash: text }) });
const hostKey = fc.record({ node: text, fingerprint: text });
const request = fc.record({ actor: text, key: text, inputHash: text, taskId: id, at: fc.nat() });

const parts = fc.record({
  nodes: fc.uniqueArray(node, { selector: ({ name }) => name, maxLength: 6 }),
  vms: fc.uniqueArray(fc.record({ vm, revision }), { selector: (one) => one.vm.id, maxLength: 10 }),
  removed: fc.uniqueArray(fc.record({ revision, id }), { selector: (one) => one.id, maxLength: 4 }),
  usage: number,
  tasks: fc.uniqueArray(fc.record({ task, sequence: revision }), {
    comparator: (a, b) => a.task.id === b.task.id || a.sequence === b.sequence,
    maxLength: 10,
  }),
  requests: fc.uniqueArray(request, {
    comparator: (a, b) => a.taskId === b.taskId || (a.actor === b.actor && a.key === b.key),
    maxLength: 6,
  }),
  deeds: fc.array(someDeed, { maxLength: 8 }),
  logins: fc.uniqueArray(login, { selector: (one) => one.node, maxLength: 4 }),
  hostKeys: fc.uniqueArray(hostKey, { selector: (one) => JSON.stringify(one), maxLength: 4 }),
});

export const someArchive: fc.Arbitrary<readonly ArchiveRecord[]> = parts.map((given) => {
  const nodes = sorted(given.nodes, ({ name }) => name);
  const vms = sorted(given.vms, (one) => one.vm.id);
  const audit = chained(given.deeds);
  const { sequence: count, hash } = audit.at(-1) ?? { sequence: 0, hash: emptyAudit.hash };
  return [
    { kind: "heads", revision: 1000, oldestResumable: 0, audit: { count, hash } },
    ...nodes.map((one) => ({ kind: "node", node: one }) as const),
    ...vms.map((one) => ({ kind: "vm", revision: one.revision, vm: one.vm }) as const),
    ...sorted(given.removed, (one) => one.id)
      .toSorted((a, b) => a.revision - b.revision)
      .map((one) => ({ kind: "removedVm", ...one }) as const),
    ...nodes.map(({ name }) => ({ kind: "nodePulse", pulse: aNodePulse({ node: name }) }) as const),
    ...vms.map((one) => {
      const usage = aUsage({ vmId: one.vm.id, storageCommittedBytes: given.usage });
      return { kind: "vmUsage", usage } as const;
    }),
    ...given.tasks
      .toSorted((a, b) => a.sequence - b.sequence)
      .map((one) => ({ kind: "task", sequence: one.sequence, task: one.task }) as const),
    ...sorted(given.requests, ({ taskId }) => taskId)
      .toSorted((a, b) => a.at - b.at)
      .map((one) => ({ kind: "request", ...one }) as const),
    ...audit.map((entry) => ({ kind: "audit", entry }) as const),
    ...sorted(given.logins, (one) => one.node).map((one) => ({ kind: "loginRefusal", ...one }) as const),
    ...sorted(
      sorted(given.hostKeys, (one) => one.fingerprint),
      (one) => one.node,
    ).map((one) => ({ kind: "hostKey", ...one }) as const),
  ];
});

function chained(deeds: readonly (AuditedDeed & { readonly at: string })[]): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (const { at, ...deed } of deeds) {
    const sequence = entries.length + 1;
    entries.push(chainEntry({ sequence, at, ...deed }, entries.at(-1)?.hash ?? emptyAudit.hash));
  }
  return entries;
}

function sorted<T>(records: readonly T[], key: (record: T) => string): T[] {
  return records.toSorted((a, b) => Buffer.compare(Buffer.from(key(a)), Buffer.from(key(b))));
}
