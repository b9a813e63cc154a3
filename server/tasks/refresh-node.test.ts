/** A scan that a person asked for. */
import { describe, expect, test } from "vitest";
import { AppError } from "../errors.ts";
import { createWorld, node } from "./testing/world.ts";

describe("refreshNode", () => {
  test("ends when the scan has ended", async () => {
    await using world = await createWorld();
    const vm = await world.addVm("web");
    vm.powerState = "ON";
    const tasks = world.start();
    const { task } = await tasks.refreshNode({ actor: "ann", name: node });
    expect(await world.end(tasks, task?.id ?? "")).toMatchObject({
      kind: "REFRESH_NODE",
      state: "SUCCEEDED",
      vmId: null,
    });
    expect(world.known("web").powerState).toBe("ON");
  });

  test("keeps the code and the words of a failure", async () => {
    await using world = await createWorld();
    const refresh = () => Promise.reject(new AppError("AUTH_FAILED", "esx1 refused the login; 12 minutes are left."));
    const tasks = world.start(undefined, {
      crawler: { observeVms: () => Promise.resolve(), observeNewVm: () => Promise.resolve(undefined), refresh },
    });
    const { task } = await tasks.refreshNode({ actor: "ann", name: node });
    expect(await world.end(tasks, task?.id ?? "")).toMatchObject({
      state: "FAILED",
      error: { code: "AUTH_FAILED", message: expect.stringContaining("12 minutes") },
    });
  });

  test("tells at once of a node that is not there or switched off", async () => {
    await using world = await createWorld();
    const tasks = world.start();
    expect((await tasks.refreshNode({ actor: "ann", name: "nowhere" })).userErrors).toMatchObject([
      { code: "NOT_FOUND", path: ["name"] },
    ]);
    await world.setNode({ disabled: true });
    expect((await tasks.refreshNode({ actor: "ann", name: node })).userErrors).toMatchObject([
      { code: "NODE_DISABLED", path: ["name"] },
    ]);
  });
});
