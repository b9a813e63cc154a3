/** Creations on a host in memory, in virtual time: what is asked, what comes of it, what is left. */
import { describe, expect, test } from "vitest";
import type { CreationStep, StepExit } from "../../esxi/creation.ts";
import type { Task } from "../../model.ts";
import type { CreateRequest } from "../tasks.ts";
import { createWorld, creationOf, type World } from "../testing/world.ts";

async function create(world: World, more: Partial<CreateRequest> = {}): Promise<Task> {
  const tasks = world.start();
  const { task, userErrors } = await tasks.createVm(creationOf(more));
  expect(userErrors).toEqual([]);
  return world.end(tasks, task?.id ?? "");
}

async function hostdReturns({ clock, host }: World, afterMs: number): Promise<void> {
  await clock.sleep(afterMs);
  host.creation.faults.hostdIsDown = false;
}

function expectNothingLeft({ host }: World): void {
  expect(host.creation.folders.get("new")).toBeUndefined();
  expect(host.vms).toEqual([]);
}

test("a VM is made, compared, handed over, switched on and known", async () => {
  await using world = await createWorld();
  const task = await create(world, { powerOn: true, comment: "for Bob\nuntil May" });
  expect(task).toMatchObject({ state: "SUCCEEDED", vmId: "id-new", progress: 100, error: null });
  expect(task.result).toBe('VM "new" on node esx1 was created with vmid 1. It is powered on.');
  expect(task.steps.map(({ name, state }) => [name, state])).toEqual([
    ["Claim the folder", "DONE"],
    ["Create the disk", "DONE"],
    ["Write the configuration", "DONE"],
    ["Register the VM", "DONE"],
    ["Compare with what was asked for", "DONE"],
    ["Hand the folder over", "DONE"],
    ["Switch it on", "DONE"],
  ]);
  expect(task.commands).toEqual([
    "mkdir",
    "vmkfstools",
    "cat",
    "registervm",
    "rm",
    expect.stringContaining("power.on"),
  ]);
  expect(world.known("new")).toMatchObject({ powerState: "ON" });
  expect(world.host.creation.folders.get("new")).toMatchObject({ job: null });
  await world.clock.sleep(10_000);
  expect(world.host.traces.size).toBe(0);
});

test("what differs from what was asked for is told", async () => {
  await using world = await createWorld();
  const tasks = world.start();
  const { task } = await tasks.createVm(creationOf());
  const { driver } = world.host.creation;
  const look = driver.begin.bind(driver);
  Object.assign(driver, {
    begin: async (...words: Parameters<typeof look>) => {
      const sight = await look(...words);
      const read =
        sight.read?.outcome === "read" ? { ...sight.read, summary: { ...sight.read.summary, numCpu: 9 } } : sight.read;
      return { ...sight, read };
    },
  });
  const ended = await world.end(tasks, task?.id ?? "");
  expect(ended).toMatchObject({ state: "SUCCEEDED" });
  expect(ended.steps.find(({ name }) => name === "Compare with what was asked for")?.detail).toContain(
    "numCpu is 9, asked for was 1",
  );
});

describe("a line that is cut", () => {
  const steps: readonly CreationStep[] = ["claim", "disk", "configure", "register", "finish"];
  test.each(steps)("before %s reaches the host: it is sent once more, under another name", async (step) => {
    await using world = await createWorld();
    world.host.creation.faults.losesRequestOf = step;
    expect(await create(world)).toMatchObject({ state: "SUCCEEDED" });
    expect(world.host.creation.begun).toEqual(["claim", "disk", "configure", "register", "finish"]);
  });

  test.each(steps)("after %s has reached the host: it is not sent again", async (step) => {
    await using world = await createWorld();
    world.host.creation.faults.losesReplyOf = step;
    expect(await create(world)).toMatchObject({ state: "SUCCEEDED" });
    expect(world.host.creation.begun).toEqual(["claim", "disk", "configure", "register", "finish"]);
  });
});

describe("a step that the host refuses", () => {
  test.each<[CreationStep, StepExit, string, string]>([
    ["disk", "refused", "OUT_OF_SPACE", "There is not enough space on the file system."],
    ["configure", "full", "OUT_OF_SPACE", "No space left on device"],
    ["register", "refused", "HOST_REFUSED", "A specified parameter was not correct: virtualHW.version"],
    ["register", "refused", "CONFLICT", "The specified key, name, or identifier '51' already exists."],
    [
      "register",
      "refused",
      "LICENSE_RESTRICTED",
      "Current license or ESXi version prohibits execution of the requested operation.",
    ],
  ])(
    "%s, %s: all is taken back, and the task has code %s and the host's words",
    async (...[step, exit, code, message]) => {
      await using world = await createWorld();
      world.host.creation.faults.failing.set(step, { exit, failure: { code: code as "CONFLICT", message }, times: 1 });
      const task = await create(world);
      expect(task).toMatchObject({ state: "FAILED", error: { code } });
      expect(task.error?.message).toContain(message.replace(/\.$/, ""));
      expect(task.error?.message).toContain("nothing is left on the host");
      expect(task.hostOutput).toContain(message);
      expectNothingLeft(world);
    },
  );

  test("a folder of the same name was there before: nothing was made", async () => {
    await using world = await createWorld();
    const theirs = { job: null, made: new Set<string>(), whole: new Set<string>(), files: new Map([["a", "b"]]) };
    world.host.creation.folders.set("new", theirs);
    const task = await create(world);
    expect(task).toMatchObject({ state: "FAILED", error: { code: "CONFLICT" } });
    expect(task.error?.message).toMatch(/folder \/vmfs\/volumes\/5f0c-1\/new already.*Nothing was made/);
    expect(world.host.creation.folders.get("new")).toBe(theirs);
  });

  test("somebody's file turned up in the folder: it and the folder stay", async () => {
    await using world = await createWorld();
    world.host.creation.faults.failing.set("register", {
      exit: "refused",
      failure: { code: "HOST_REFUSED", message: "no" },
      times: 1,
    });
    const tasks = world.start();
    const { task } = await tasks.createVm(creationOf());
    while (!world.host.creation.begun.includes("disk")) await world.clock.sleep(50);
    world.host.creation.folders.get("new")?.files.set("notes.txt", "theirs");
    const ended = await world.end(tasks, task?.id ?? "");
    expect(ended.error?.message).toContain(
      'others\' files are in /vmfs/volumes/5f0c-1/new, so they and the folder were left: "notes.txt"',
    );
    expect(world.host.creation.folders.get("new")).toMatchObject({
      job: null,
      files: new Map([["notes.txt", "theirs"]]),
    });
  });

  test("hostd is down: registering is tried again, and ends well when it is back", async () => {
    await using world = await createWorld();
    world.host.creation.faults.hostdIsDown = true;
    void hostdReturns(world, 60_000);
    expect(await create(world)).toMatchObject({ state: "SUCCEEDED" });
    expect(world.host.creation.registrations).toBe(1);
  });

  test("hostd stays down: after three minutes all is taken back, as soon as hostd can say what is registered", async () => {
    await using world = await createWorld();
    world.host.creation.faults.hostdIsDown = true;
    void hostdReturns(world, 900_000);
    expect(await create(world)).toMatchObject({ state: "FAILED", error: { code: "HOSTD_DOWN" } });
    expectNothingLeft(world);
  });
});

describe("several at once", () => {
  test("of the same name: one VM, and one clear CONFLICT", async () => {
    await using world = await createWorld();
    const tasks = world.start();
    const answers = await Promise.all([tasks.createVm(creationOf()), tasks.createVm(creationOf({ name: "NEW" }))]);
    const task = answers.find((answer) => answer.task !== null)?.task;
    expect(answers.flatMap(({ userErrors }) => userErrors)).toMatchObject([
      { code: "CONFLICT", path: ["input", "name"], message: expect.stringContaining(`${task?.id}`) },
    ]);
    expect(await world.end(tasks, task?.id ?? "")).toMatchObject({ state: "SUCCEEDED" });
    expect(world.host.vms.length).toBe(1);
  });

  test("with the same key: the same task", async () => {
    await using world = await createWorld();
    const tasks = world.start();
    const request = creationOf({ idempotencyKey: "k" });
    const [one, two] = await Promise.all([tasks.createVm(request), tasks.createVm(request)]);
    expect(one.task?.id).toBe(two.task?.id);
    await world.end(tasks, one.task?.id ?? "");
    expect((await tasks.createVm(request)).task).toMatchObject({ id: one.task?.id, state: "SUCCEEDED" });
    const other = await tasks.createVm({ ...request, numCpu: 2 });
    expect(other.userErrors).toMatchObject([{ code: "CONFLICT", path: ["input", "idempotencyKey"] }]);
  });

  test("they wait for their turn, two on a node, and do not hold up power actions", async () => {
    await using world = await createWorld();
    await world.addVm("web");
    const tasks = world.start();
    const names = Array.from({ length: 20 }, (_, index) => `vm-${index}`);
    const answers = await Promise.all(names.map((name) => tasks.createVm(creationOf({ name }))));
    await world.clock.sleep(1000);
    expect(world.host.creation.folders.size).toBe(2);
    const ids = answers.map(({ task }) => task?.id ?? "");
    const ended = await Promise.all(ids.map((id) => world.end(tasks, id)));
    expect(ended.map(({ state }) => state)).toEqual(names.map(() => "SUCCEEDED"));
    expect(world.host.vms.map(({ name }) => name).sort()).toEqual([...names, "web"].sort());
  });
});

test("a dry run tells the lines and the file, and touches neither host nor record", async () => {
  await using world = await createWorld();
  world.host.faults.isDown = true;
  const answer = await world
    .start()
    .createVm(creationOf({ dryRun: true, powerOn: true, isoPath: "[store] away/x.iso" }));
  expect(answer).toMatchObject({
    task: null,
    userErrors: [],
    commands: [
      "mkdir",
      "vmkfstools",
      "cat",
      "registervm",
      "rm",
      "vim-cmd vmsvc/power.on '/vmfs/volumes/5f0c-1/new/new.vmx'",
    ],
    files: [{ path: "/vmfs/volumes/5f0c-1/new/new.vmx" }],
  });
  expect(await world.store.audit()).toEqual([]);
});

test("an image that is not among the known ones is asked for on the host", async () => {
  await using world = await createWorld();
  const tasks = world.start();
  const { userErrors } = await tasks.createVm(creationOf({ isoPath: "/vmfs/volumes/store/deep/missing.iso" }));
  expect(userErrors).toMatchObject([{ code: "NOT_FOUND", path: ["input", "isoPath"] }]);
  const { task } = await tasks.createVm(creationOf({ isoPath: "/vmfs/volumes/store/deep/there.iso" }));
  expect(await world.end(tasks, task?.id ?? "")).toMatchObject({ state: "SUCCEEDED" });
});
