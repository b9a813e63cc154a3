/** A datastore that takes no more, at every step: what was begun is told to be cut short, and can be taken back. */
import { spawnSync } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { until } from "../harness/until.ts";
import { actOf, lookAtEnd, orderOf, runStep, runSteps, startCreationHost } from "./creation-case.ts";
import type { StubVm } from "./esxi-texts.ts";
import { actRequest, type FalseHost } from "./false-host.ts";
import { mayMount, whatIsMissing } from "./missing.ts";
import { readTree } from "./tree.ts";

const missing = whatIsMissing() ?? (mayMount() ? undefined : "this machine lets nobody mount");
const title = missing === undefined ? "a full datastore" : `a full datastore (skipped: ${missing})`;

describe.skipIf(missing !== undefined)(title, () => {
  let host: FalseHost;
  let mount: string;
  let tmp: string;
  const mountSmall = (path: string, options: string) =>
    expect(spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", path]).status).toBe(0);
  beforeAll(async () => {
    ({ host, mount } = await startCreationHost());
    tmp = join(host.world.root, "tmp");
    mountSmall(mount, "size=64k");
  });
  afterAll(async () => {
    for (const path of [mount, tmp]) spawnSync("umount", ["-l", path]);
    await host?.close();
  });
  const vm: StubVm = { vmid: 7, name: "off" };
  beforeEach(async () => {
    await host.world.setVms([]);
    for (const name of await readdir(mount)) await rm(join(mount, name), { recursive: true });
  });

  /** Leaves so many pages of 4 KiB. */
  async function fill(pages: number): Promise<void> {
    const path = join(mount, "filler");
    await rm(path, { force: true });
    spawnSync("dd", ["if=/dev/zero", `of=${path}`, "bs=4096", "count=100"]);
    if (pages > 0) spawnSync("truncate", ["-s", `-${pages * 4096}`, path]);
  }
  const free = () => rm(join(mount, "filler"), { force: true });

  it("claim leaves nothing", async () => {
    await fill(0);
    const sight = await runStep(host, orderOf("web"), "claim");
    expect(sight).toMatchObject({ folder: "absent", act: { exit: "full", failure: { code: "OUT_OF_SPACE" } } });
    expect(sight.act.failure?.message).toContain("No space left on device");
    await free();
    expect(await readTree(mount)).toEqual({});
  });

  it.each([
    ["disk", "refused"],
    ["configure", "full"],
  ] as const)("%s is told to be cut short, and is taken back without any room", async (step, exit) => {
    const order = orderOf("web", { comment: "n".repeat(3_900) });
    await runSteps(host, order, step === "disk" ? ["claim"] : ["claim", "disk"]);
    // The mark still fits into its page, the file does not, or not whole.
    await fill(step === "disk" ? 0 : 1);
    const sight = await runStep(host, order, step);
    expect(sight).toMatchObject({ folder: "ours", act: { exit, failure: { code: "OUT_OF_SPACE" } } });
    const file = step === "disk" ? "web.vmdk" : "web.vmx";
    expect(sight.made).toContain(file);
    expect(sight.whole).not.toContain(file);
    expect(await runStep(host, order, actOf("undo", false))).toMatchObject({ folder: "absent", act: { exit: "done" } });
    await free();
    expect(await readTree(mount)).toEqual({});
  });

  it("keeps a step's end for later where /tmp is full, and begins nothing there", async () => {
    const order = orderOf("web");
    await runStep(host, order, "claim");
    mountSmall(tmp, "size=16k");
    await host.world.setHanging("vmkfstools", true);
    const act = actOf("disk");
    await host.driver.creation.begin(order, act, {});
    spawnSync("dd", ["if=/dev/zero", `of=${join(tmp, "filler")}`, "bs=4096", "count=100"]);
    await host.world.setHanging("vmkfstools", false);
    await until(async () => (await readTree(mount))["web/.ecoman-job"]?.includes("whole web.vmdk"));
    expect(await host.driver.creation.look(order, act.actId, {})).toMatchObject({ act: { state: "running" } });
    const refused = host.driver.creation.begin(orderOf("other"), actOf("claim"), {});
    await expect(refused).rejects.toMatchObject({ code: "OUT_OF_SPACE" });
    await host.world.setVms([vm]);
    await expect(host.driver.act(actRequest(vm, "ON"), {})).rejects.toMatchObject({ code: "OUT_OF_SPACE" });
    expect(await host.world.power(vm.vmid)).toBe("off");
    await rm(join(tmp, "filler"));
    expect(await lookAtEnd(host, order, act.actId)).toMatchObject({ act: { state: "ended", exit: "done" } });
    expect(Object.keys(await readTree(mount))).not.toContain("other");
  });
});
