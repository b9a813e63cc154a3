/** Creations on a host that can't be asked for a while: nothing is concluded, and nothing is done twice. */
import { describe, expect, test } from "vitest";
import type { Task } from "../../model.ts";
import type { CreateRequest } from "../tasks.ts";
import { createWorld, creationOf, type World } from "../testing/world.ts";

async function create(world: World, more: Partial<CreateRequest> = {}): Promise<Task> {
  const tasks = world.start();
  const { task, userErrors } = await tasks.createVm(creationOf(more));
  expect(userErrors).toEqual([]);
  return world.end(tasks, task?.id ?? "");
}

describe("a host that is gone", () => {
  test("before anything was sent: the task fails, nothing was sent", async () => {
    await using world = await createWorld();
    world.host.faults.isDown = true;
    const task = await create(world);
    expect(task).toMatchObject({ state: "FAILED", sentAt: null, error: { code: "HOST_UNREACHABLE" } });
    expect(task.error?.message).toContain("Nothing was sent to the host.");
  });

  test("in the middle: the task says UNKNOWN and what to look for, and settles itself when the host is back", async () => {
    await using world = await createWorld();
    const tasks = world.start();
    const { task } = await tasks.createVm(creationOf());
    while (!world.host.creation.begun.includes("disk")) await world.clock.sleep(50);
    world.host.faults.isDown = true;
    await world.clock.sleep(120_000);
    const doubtful = await tasks.wait(task?.id ?? "", 0);
    expect(doubtful).toMatchObject({ state: "UNKNOWN", finishedAt: null, error: { code: "OUTCOME_UNKNOWN" } });
    expect(doubtful?.error?.message).toMatch(/getallvms lists "new".*\.ecoman-job/);
    world.host.faults.isDown = false;
    expect(await world.end(tasks, task?.id ?? "")).toMatchObject({ state: "SUCCEEDED", error: null });
  });

  test("or switched off in hosts.yml for a while: it goes on when the node is back", async () => {
    await using world = await createWorld();
    const tasks = world.start();
    const { task } = await tasks.createVm(creationOf());
    while (!world.host.creation.begun.includes("disk")) await world.clock.sleep(50);
    await world.setNode({ disabled: true });
    await world.clock.sleep(120_000);
    const told = await tasks.wait(task?.id ?? "", 0);
    expect(told).toMatchObject({ state: "UNKNOWN", error: { message: expect.stringContaining("switched off") } });
    await world.setNode({});
    expect(await world.end(tasks, task?.id ?? "")).toMatchObject({ state: "SUCCEEDED" });
  });

  test("by a power loss between the making of its folder and the mark: the folder is told of, and left", async () => {
    await using world = await createWorld();
    const tasks = world.start();
    world.host.creation.faults.losesRequestOf = "claim";
    const { task } = await tasks.createVm(creationOf());
    while (world.host.creation.faults.losesRequestOf !== null) await world.clock.sleep(10);
    world.host.creation.folders.set("new", { job: null, made: new Set(), whole: new Set(), files: new Map() });
    world.host.creation.restart();
    const ended = await world.end(tasks, task?.id ?? "");
    expect(ended).toMatchObject({ state: "FAILED", error: { code: "HOST_UNREACHABLE" } });
    expect(ended.result).toMatch(/new is there, empty and without a mark.*rmdir\. Nothing else was made/);
    expect(world.host.creation.folders.has("new")).toBe(true);
  });

  test("over a restart of the server too", async () => {
    await using world = await createWorld();
    const first = world.start();
    const { task } = await first.createVm(creationOf());
    while (!world.host.creation.begun.includes("disk")) await world.clock.sleep(50);
    world.host.faults.isDown = true;
    await world.clock.sleep(120_000);
    await first.close(30_000);
    expect(await world.store.task(task?.id ?? "")).toMatchObject({ state: "UNKNOWN", finishedAt: null });
    const second = world.start();
    await second.recover();
    await world.clock.sleep(60_000);
    world.host.faults.isDown = false;
    expect(await world.end(second, task?.id ?? "")).toMatchObject({ state: "SUCCEEDED" });
    expect(world.host.creation.registrations).toBe(1);
  });
});
