/** Creations that are cancelled: until the VM is whole, and over crashes. */
import { describe, expect, test } from "vitest";
import type { CreationStep } from "../../esxi/creation.ts";
import { createLifeline } from "../testing/severable.ts";
import { createWorld, creationOf, type World } from "../testing/world.ts";

function expectNothingLeft({ host }: World): void {
  expect(host.creation.folders.get("new")).toBeUndefined();
  expect(host.vms).toEqual([]);
}

describe("a cancellation", () => {
  test.each<CreationStep>(["claim", "disk", "configure", "register"])(
    "while %s is under way: what was made is taken back",
    async (step) => {
      await using world = await createWorld();
      const tasks = world.start();
      const { task } = await tasks.createVm(creationOf({ powerOn: true }));
      while (!world.host.creation.begun.includes(step)) await world.clock.sleep(20);
      const { userErrors } = await tasks.cancel(task?.id ?? "", "bob");
      expect(userErrors).toEqual([]);
      const ended = await world.end(tasks, task?.id ?? "");
      expect(ended).toMatchObject({ state: "CANCELLED", error: null });
      expect(ended.result).toMatch(
        /^bob cancelled it: VM "new" on node esx1 was not created\. What had been made was taken back/,
      );
      expectNothingLeft(world);
    },
  );

  test("is kept over a crash of the server", async () => {
    await using world = await createWorld();
    const first = world.start();
    const { task } = await first.createVm(creationOf());
    while (!world.host.creation.begun.includes("disk")) await world.clock.sleep(20);
    world.host.faults.isDown = true;
    await first.cancel(task?.id ?? "", "bob");
    await first.close(0);
    world.host.faults.isDown = false;
    const second = world.start();
    await second.recover();
    expect(await world.end(second, task?.id ?? "")).toMatchObject({ state: "CANCELLED" });
    expectNothingLeft(world);
  });

  test("after the VM is made it comes too late", async () => {
    await using world = await createWorld();
    const tasks = world.start();
    const { task } = await tasks.createVm(creationOf({ powerOn: true }));
    while (world.host.actions.length === 0) await world.clock.sleep(20);
    expect(await tasks.cancel(task?.id ?? "", "bob")).toMatchObject({ task: null, userErrors: [{ code: "CONFLICT" }] });
    expect(await world.end(tasks, task?.id ?? "")).toMatchObject({ state: "SUCCEEDED" });
  });

  test("comes too late also after a crash, before the made VM is switched on", async () => {
    await using world = await createWorld();
    const lifeline = createLifeline();
    const { task } = await world.start(lifeline).createVm(creationOf({ powerOn: true }));
    while (!world.host.creation.begun.includes("finish")) await world.clock.sleep(20);
    lifeline.cut();
    const second = world.start();
    await second.recover();
    expect(await second.cancel(task?.id ?? "", "bob")).toMatchObject({ userErrors: [{ code: "CONFLICT" }] });
    expect(await world.end(second, task?.id ?? "")).toMatchObject({ state: "SUCCEEDED" });
    expect(world.host.vms).toMatchObject([{ name: "new", powerState: "ON" }]);
  });
});
