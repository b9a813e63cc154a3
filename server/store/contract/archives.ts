/** What tests of archives need: a store with something of everything, and archives as texts. */
import type { ArchiveRecord } from "../archive.ts";
import type { InventoryStore } from "../store.ts";
import { aNode, aNodePulse, aTask, aUsage, aVm } from "./samples.ts";

export async function recordsIn(archive: AsyncIterable<ArchiveRecord>): Promise<ArchiveRecord[]> {
  const records: ArchiveRecord[] = [];
  for await (const record of archive) records.push(record);
  return records;
}

/** As a backup's lines. */
export async function textsOf(archive: AsyncIterable<ArchiveRecord>): Promise<string[]> {
  return (await recordsIn(archive)).map((record) => JSON.stringify(record));
}

export async function* writtenTo(records: readonly ArchiveRecord[]): AsyncGenerator<ArchiveRecord> {
  yield* records;
}

/** Ten tasks, the first of them under the key "key"; alpha's login was refused, beta's keys are trusted. */
export async function fillStore(store: InventoryStore): Promise<void> {
  const vms = ["a", "b", "c", "odd \u2028 💾"].map((id) => aVm({ id, node: id === "b" ? "beta" : "alpha" }));
  await store.apply({ nodes: [aNode({ name: "beta" }), aNode({ name: "alpha" })], vms });
  await store.apply({ vms: [aVm({ id: "b", node: "beta", name: "renamed" })], removedVms: ["c"] });
  const usages = ["b", "a"].map((vmId) => aUsage({ vmId }));
  await store.pulse({ nodes: [aNodePulse({ node: "beta" }), aNodePulse({ node: "alpha" })], usages });
  for (let number = 1; number <= 10; number += 1) {
    const id = `t${number}`;
    const idempotencyKey = number === 1 ? "key" : null;
    await store.createTask({ task: aTask({ id }), idempotencyKey, inputHash: "h" });
    if (number % 3 !== 0) await store.saveTask(aTask({ id, state: "SUCCEEDED", hostOutput: "done" }));
  }
  await store.appendAudit({ actor: "b", action: "CANCEL_TASK", taskId: "t1", node: "alpha", vmId: null, input: "{}" });
  await store.saveLoginRefusal("alpha", { at: "2026-01-01T00:00:00.000Z", credentialsHash: "c" });
  await store.saveLoginRefusal("beta", { at: "2026-01-01T00:00:00.000Z", credentialsHash: "c" });
  await store.saveLoginRefusal("beta", undefined);
  for (const key of ["SHA256:two", "SHA256:one"]) await store.trustHostKey("beta", key);
}
