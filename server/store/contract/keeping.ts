/** Contract: what is kept over a restart and over a crash; the audit log; logins. */
import { expect, it } from "vitest";
import { isAppError } from "../../errors.ts";
import { aNode, aNodePulse, aTask, aUsage, aVm } from "./samples.ts";
import type { Stores } from "./subject.ts";

export function keepingContract(stores: Stores): void {
  it("holds everything after a restart", async () => {
    const place = await stores.subject.newPlace();
    const store = await stores.open({ place });
    await store.apply({ nodes: [aNode({ name: "alpha" })], vms: [aVm({ id: "a" }), aVm({ id: "b" })] });
    await store.apply({ removedVms: ["b"] });
    await store.pulse({ nodes: [aNodePulse({ node: "alpha" })], usages: [aUsage({ vmId: "a" })] });
    await store.createTask({ task: aTask({ id: "t" }), idempotencyKey: null, inputHash: "h" });
    const loaded = await store.load();
    await store.close();
    const reopened = await stores.open({ place });
    expect(await reopened.load()).toEqual(loaded);
    expect(await reopened.task("t")).toEqual(aTask({ id: "t" }));
  });

  it("holds everything that was acknowledged after a crash, but the latest pulses", async () => {
    const place = await stores.subject.newPlace();
    const store = await stores.open({ place });
    await store.apply({ nodes: [aNode({ name: "alpha" })], vms: [aVm({ id: "a" })] });
    await store.createTask({ task: aTask({ id: "t" }), idempotencyKey: "key", inputHash: "h" });
    await store.saveTask(aTask({ id: "t", state: "RUNNING" }));
    await store.saveLoginRefusal("alpha", { at: "2026-01-01T00:00:00.000Z", credentialsHash: "c" });
    await store.trustHostKey("alpha", "SHA256:one");
    const loaded = await store.load();
    const audit = await store.audit();
    const survivor = await stores.open({ place: await stores.subject.crashedCopyOf(place) });
    expect(await survivor.load()).toEqual(loaded);
    expect(await survivor.task("t")).toEqual(aTask({ id: "t", state: "RUNNING" }));
    expect(await survivor.audit()).toEqual(audit);
    expect(await survivor.loginRefusal("alpha")).toEqual({ at: "2026-01-01T00:00:00.000Z", credentialsHash: "c" });
    expect(await survivor.trustedHostKeys("alpha")).toEqual(["SHA256:one"]);
    const repeat = { task: aTask({ id: "t2" }), idempotencyKey: "key", inputHash: "h" };
    expect(await survivor.createTask(repeat)).toMatchObject({ isNew: false, task: { id: "t" } });
  });

  it("audits every task once, in order, in a chain that holds over restarts", async () => {
    const place = await stores.subject.newPlace();
    const store = await stores.open({ place });
    expect(await store.audit()).toEqual([]);
    expect(await store.verifyAudit()).toBeUndefined();
    await store.createTask({ task: aTask({ id: "t1" }), idempotencyKey: null, inputHash: "h" });
    await store.saveTask(aTask({ id: "t1", state: "SUCCEEDED" }));
    await store.close();
    const reopened = await stores.open({ place });
    const refresh = aTask({ id: "t2", kind: "REFRESH_NODE", actor: "bob", vmId: null, input: {} });
    await reopened.createTask({ task: refresh, idempotencyKey: null, inputHash: "h" });
    const [first, second, ...more] = await reopened.audit();
    expect(more).toEqual([]);
    expect(first).toMatchObject({ sequence: 1, actor: "ann", action: "SET_POWER", taskId: "t1", node: "alpha" });
    expect(JSON.parse(first?.input ?? "")).toEqual({ action: "ON" });
    expect(second).toMatchObject({ sequence: 2, actor: "bob", action: "REFRESH_NODE", taskId: "t2", vmId: null });
    expect(second?.previousHash).toBe(first?.hash);
    expect(await reopened.verifyAudit()).toBeUndefined();
  });

  it("audits what makes no task in the same chain", async () => {
    const store = await stores.open();
    await store.createTask({ task: aTask({ id: "t1" }), idempotencyKey: null, inputHash: "h" });
    const deed = { actor: "bob", action: "CANCEL_TASK", taskId: "t1", node: "alpha", vmId: null, input: "{}" };
    await store.appendAudit(deed);
    const [task, cancellation] = await store.audit();
    expect(cancellation).toMatchObject({ ...deed, sequence: 2, previousHash: task?.hash });
    expect(await store.verifyAudit()).toBeUndefined();
  });

  it("keeps a node's refused login until it is cleared", async () => {
    const place = await stores.subject.newPlace();
    const store = await stores.open({ place });
    const refusal = { at: "2026-01-01T00:00:00.000Z", credentialsHash: "c" };
    await store.saveLoginRefusal("alpha", refusal);
    await store.saveLoginRefusal("alpha", { ...refusal, credentialsHash: "d" });
    await store.close();
    const reopened = await stores.open({ place });
    expect(await reopened.loginRefusal("alpha")).toEqual({ ...refusal, credentialsHash: "d" });
    expect(await reopened.loginRefusal("beta")).toBeUndefined();
    await reopened.saveLoginRefusal("alpha", undefined);
    await reopened.saveLoginRefusal("alpha", undefined);
    expect(await reopened.loginRefusal("alpha")).toBeUndefined();
  });

  it("keeps accepted host keys by node, each once", async () => {
    const store = await stores.open();
    await store.trustHostKey("alpha", "SHA256:one");
    await store.trustHostKey("alpha", "SHA256:one");
    await store.trustHostKey("alpha", "SHA256:two");
    await store.trustHostKey("beta", "SHA256:three");
    expect([...(await store.trustedHostKeys("alpha"))].sort()).toEqual(["SHA256:one", "SHA256:two"]);
    expect(await store.trustedHostKeys("gamma")).toEqual([]);
  });

  it("answers SHUTTING_DOWN once closed, and closes twice without complaint", async () => {
    const store = await stores.open();
    await store.close();
    await store.close();
    await expect(store.load()).rejects.toSatisfy((error) => isAppError(error, "SHUTTING_DOWN"));
    await expect(store.apply({ vms: [aVm({ id: "a" })] })).rejects.toSatisfy((error) =>
      isAppError(error, "SHUTTING_DOWN"),
    );
  });
}
