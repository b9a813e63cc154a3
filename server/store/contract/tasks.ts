/** Contract: tasks are recorded once, kept durably, and found again. */
import { expect, it } from "vitest";
import { isAppError } from "../../errors.ts";
import type { Task, TaskId } from "../../model.ts";
import { hasEnded } from "../../model.ts";
import type { InventoryStore, TaskQuery, TaskRecorded } from "../store.ts";
import { aTask, createStillClock } from "./samples.ts";
import type { Stores } from "./subject.ts";

const hour = 60 * 60 * 1000;

export function tasksContract(stores: Stores): void {
  it("records a task and finds it as it was last saved", async () => {
    const store = await stores.open();
    const task = aTask({ id: "t", input: { action: "ON", nested: { deep: [1, null] } } });
    expect(await create(store, task)).toMatchObject({ task, isNew: true, sameInput: true });
    expect(await store.task("t")).toEqual(task);
    const ended = { ...task, state: "SUCCEEDED", result: "The VM is on.", progress: 100 } as const;
    const revision = await store.saveTask(ended);
    expect(await store.task("t")).toEqual(ended);
    expect(await store.saveTask(ended)).toBe(revision);
    expect(await store.task("another")).toBeUndefined();
  });

  it("refuses to save a task that was never recorded, and to record one twice", async () => {
    const store = await stores.open();
    await create(store, aTask({ id: "t" }));
    await expect(store.saveTask(aTask({ id: "other" }))).rejects.toSatisfy((error) => isAppError(error, "NOT_FOUND"));
    await expect(create(store, aTask({ id: "t" }))).rejects.toSatisfy((error) => isAppError(error, "CONFLICT"));
    expect(await store.audit()).toHaveLength(1);
  });

  it("answers a repeated key with the task recorded then, as it is now", async () => {
    const store = await stores.open();
    await create(store, aTask({ id: "first" }), "key");
    const now = aTask({ id: "first", state: "RUNNING" });
    const revision = await store.saveTask(now);
    const repeat = await create(store, aTask({ id: "second" }), "key");
    expect(repeat).toEqual({ task: now, isNew: false, sameInput: true, revision });
    expect(await store.task("second")).toBeUndefined();
    expect(await store.audit()).toHaveLength(1);
  });

  it("tells a reused key from a repeated request", async () => {
    const store = await stores.open();
    await create(store, aTask({ id: "first" }), "key");
    const reuse = await store.createTask({ task: aTask({ id: "second" }), idempotencyKey: "key", inputHash: "other" });
    expect(reuse).toMatchObject({ isNew: false, sameInput: false, task: { id: "first" } });
  });

  it("keeps keys apart by actor, for 24 hours, over restarts, and takes null for none", async () => {
    const clock = createStillClock();
    const place = await stores.subject.newPlace();
    const before = await stores.open({ place, clock });
    await create(before, aTask({ id: "ann's" }), "key");
    expect((await create(before, aTask({ id: "bob's", actor: "bob" }), "key")).isNew).toBe(true);
    expect((await create(before, aTask({ id: "keyless 1" }), null)).isNew).toBe(true);
    expect((await create(before, aTask({ id: "keyless 2" }), null)).isNew).toBe(true);
    await before.close();
    const store = await stores.open({ place, clock });
    clock.advance(24 * hour - 1);
    expect((await create(store, aTask({ id: "late" }), "key")).task.id).toBe("ann's");
    clock.advance(1);
    expect((await create(store, aTask({ id: "next day" }), "key")).isNew).toBe(true);
    expect((await create(store, aTask({ id: "again" }), "key")).task.id).toBe("next day");
  });

  it("records one task however many ask for it at once", async () => {
    const store = await stores.open();
    const asked = Array.from({ length: 20 }, (_, index) => create(store, aTask({ id: `t${index}` }), "key"));
    const answers = await Promise.all(asked);
    expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(answers.map(({ task }) => task.id)).size).toBe(1);
    expect(await store.audit()).toHaveLength(1);
  });

  it.each([
    ["the same VM", { vmId: "vm-1", key: null }],
    ["the same key", { vmId: null, key: "one VM of this name" }],
  ])("records no second task about %s, however many ask at once, until the first has ended", async (_, alone) => {
    const store = await stores.open();
    const input = { exclusive: "one VM of this name" };
    const ask = (id: string): Promise<TaskRecorded> =>
      store.createTask({ task: aTask({ id, input, vmId: "vm-1" }), idempotencyKey: null, inputHash: "h", alone });
    const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => ask(`t${index}`)));
    const [first, ...more] = answers.filter(({ isNew }) => isNew);
    if (first === undefined) throw new Error("none was recorded");
    expect(more).toEqual([]);
    for (const { isNew, isRival, task } of answers) expect(isNew || (isRival && task.id === first.task.id)).toBe(true);
    expect(await store.audit()).toHaveLength(1);
    await store.saveTask({ ...first.task, state: "UNKNOWN" });
    expect(await ask("while it is unknown")).toMatchObject({ isNew: false, isRival: true });
    await store.saveTask(aTask({ id: first.task.id, state: "SUCCEEDED", input, vmId: "vm-1" }));
    expect(await ask("after")).toMatchObject({ isNew: true, task: { id: "after" } });
  });

  it("pages tasks, the newest first, while new ones come", async () => {
    const store = await stores.open();
    for (let index = 0; index < 7; index += 1) await create(store, aTask({ id: `t${index}` }));
    const seen: TaskId[] = [];
    let after: string | undefined;
    do {
      const page = await store.tasks({ filter: {}, limit: 3, after });
      expect(page.cursors).toHaveLength(page.tasks.length);
      seen.push(...page.tasks.map(({ id }) => id));
      after = page.hasMore ? page.cursors.at(-1) : undefined;
      await create(store, aTask({ id: `newer ${seen.length}` }));
    } while (after !== undefined);
    expect(seen).toEqual(["t6", "t5", "t4", "t3", "t2", "t1", "t0"]);
  });

  it("puts what has not ended first where that is asked", async () => {
    const store = await stores.open();
    const states = ["RUNNING", "SUCCEEDED", "QUEUED", "UNKNOWN", "RUNNING", "CANCELLED", "FAILED"] as const;
    for (const [index, state] of states.entries()) await create(store, aTask({ id: `t${index}`, state }));
    const query: TaskQuery = { filter: {}, limit: 2, runningFirst: true };
    const tasks = await walk(store, query);
    expect(tasks.map(({ id }) => id)).toEqual(["t4", "t2", "t0", "t6", "t5", "t3", "t1"]);
    expect(tasks.map(hasEnded)).toEqual([false, false, false, true, true, true, true]);
  });

  it("filters by state, kind, node and VM, and counts what matches", async () => {
    const store = await stores.open();
    await create(store, aTask({ id: "a", node: "alpha", vmId: "vm-1" }));
    await create(store, aTask({ id: "b", node: "beta", vmId: null, kind: "REFRESH_NODE" }));
    await create(store, aTask({ id: "c", node: "beta", vmId: "vm-2" }));
    await store.saveTask(aTask({ id: "c", node: "beta", vmId: "vm-2", state: "FAILED" }));
    const found = async (filter: TaskQuery["filter"]): Promise<TaskId[]> => {
      const page = await store.tasks({ filter, limit: 1 });
      const tasks = await walk(store, { filter, limit: 1 });
      expect(page.totalCount).toBe(tasks.length);
      return tasks.map(({ id }) => id);
    };
    expect(await found({})).toEqual(["c", "b", "a"]);
    expect(await found({ states: ["FAILED", "RUNNING"] })).toEqual(["c"]);
    expect(await found({ kinds: ["REFRESH_NODE"] })).toEqual(["b"]);
    expect(await found({ nodes: ["beta"] })).toEqual(["c", "b"]);
    expect(await found({ nodes: ["beta"], vmIds: ["vm-1", "vm-2"] })).toEqual(["c"]);
    expect(await found({ states: [] })).toEqual([]);
  });

  it("refuses a cursor it did not make, or made for the other order", async () => {
    const store = await stores.open();
    await create(store, aTask({ id: "a" }));
    const { cursors } = await store.tasks({ filter: {}, limit: 1 });
    const refused = (query: Partial<TaskQuery>): Promise<void> =>
      expect(store.tasks({ filter: {}, limit: 1, ...query })).rejects.toSatisfy((error) =>
        isAppError(error, "INVALID_INPUT"),
      );
    await refused({ after: "garbage" });
    await refused({ after: "" });
    await refused({ after: cursors[0], runningFirst: true });
  });
}

async function create(store: InventoryStore, task: Task, key: string | null = null): Promise<TaskRecorded> {
  return store.createTask({ task, idempotencyKey: key, inputHash: "same" });
}

async function walk(store: InventoryStore, query: TaskQuery): Promise<Task[]> {
  const page = await store.tasks(query);
  if (!page.hasMore) return [...page.tasks];
  return [...page.tasks, ...(await walk(store, { ...query, after: page.cursors.at(-1) }))];
}
