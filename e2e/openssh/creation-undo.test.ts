/** Taking back what a creation made, from every point: exactly that, and never a file or a VM of others. */
import { spawnSync } from "node:child_process";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { actOf, makingSteps, orderOf, runStep, runSteps, startCreationHost, untilCalled } from "./creation-case.ts";
import { datastoreMount } from "./esxi-texts.ts";
import type { FalseHost } from "./false-host.ts";
import { mayMount, nameWithReason, whatIsMissing } from "./missing.ts";
import { readTree } from "./tree.ts";

const skipped = whatIsMissing() !== undefined;
const all = ["claim", "disk", "configure", "register"] as const;

describe.skipIf(skipped)(nameWithReason("taking a creation back under busybox ash"), () => {
  let host: FalseHost;
  let mount: string;
  let inventory: string;
  beforeAll(async () => {
    ({ host, mount } = await startCreationHost());
    inventory = join(host.world.root, "etc/vmware/hostd/vmInventory.xml");
  });
  afterAll(() => host?.close());
  beforeEach(async () => {
    await rm(mount, { recursive: true });
    await mkdir(join(mount, "neighbour"), { recursive: true });
    await writeFile(join(mount, "neighbour/neighbour.vmdk"), "mine");
    await host.world.setVms([
      { vmid: 7, name: "neighbour" },
      { vmid: 8, name: "web2" },
    ]);
    await host.newCalls();
  });

  const registered = async () => (await readdir(join(host.world.root, "stub/vms"))).toSorted();

  it.each([1, 2, 3, 4])("leaves nothing after %i steps", async (count) => {
    const before = await readTree(mount);
    const register = await readFile(inventory, "utf8");
    const order = orderOf("web");
    await runSteps(host, order, makingSteps.slice(0, count));
    await host.newCalls();
    const sight = await runStep(host, order, actOf("undo", count > 3));
    expect(sight).toMatchObject({ folder: "absent", files: [], vmids: [], act: { exit: "done" } });
    expect(await readTree(mount)).toEqual(before);
    expect(await readFile(inventory, "utf8")).toBe(register);
    expect(await registered()).toEqual(["7", "8"]);
    const { path } = host.driver.creation.plan(order).vmx;
    const vmid = expect.stringMatching(/^\d+$/);
    const calls = [
      ["vim-cmd", "vmsvc/power.getstate", vmid],
      ["vim-cmd", "vmsvc/unregister", path],
      ["vim-cmd", "vmsvc/get.summary", vmid],
    ];
    expect(await host.newCalls()).toEqual(count > 3 ? calls : []);
  });

  it("is not-ours once it was done, and once the VM was handed over", async () => {
    const order = orderOf("web");
    await runSteps(host, order, ["claim", "undo"]);
    expect((await runStep(host, order, "undo")).act.exit).toBe("not-ours");
    await runSteps(host, order, makingSteps);
    const before = await readTree(mount);
    expect((await runStep(host, order, "undo")).act.exit).toBe("not-ours");
    expect(await readTree(mount)).toEqual(before);
    expect(await registered()).toHaveLength(3);
  });

  it("leaves others' files in the folder, and the folder for them", async () => {
    const order = orderOf("web");
    await runSteps(host, order, all);
    const theirs = {
      "web_1.vmdk": "disk",
      "notes.txt": "text",
      "web.vmdk.bak": "bak",
      ".hidden": "x",
      "we b.vmx": "y",
    };
    for (const [file, text] of Object.entries(theirs)) await writeFile(join(mount, "web", file), text);
    const sight = await runStep(host, order, "undo");
    expect(sight).toMatchObject({ folder: "foreign", vmids: [], act: { exit: "kept-folder" } });
    expect(sight.files.toSorted()).toEqual(Object.keys(theirs).toSorted());
    expect(await readTree(join(mount, "web"))).toEqual(theirs);
  });

  it("leaves files of the names that hostd uses, where they were there before hostd", async () => {
    const order = orderOf("web");
    await runSteps(host, order, ["claim", "disk", "configure"]);
    for (const file of ["web.vmsd", "web.vmxf"]) await writeFile(join(mount, "web", file), "mine");
    await runStep(host, order, "register");
    expect((await runStep(host, order, "undo")).act.exit).toBe("kept-folder");
    expect(await readTree(join(mount, "web"))).toEqual({ "web.vmsd": "mine", "web.vmxf": "mine" });
  });

  it.each(["on", "suspended"] as const)("leaves a VM that is %s: in-use", async (power) => {
    const order = orderOf("web");
    const { vmids } = await runSteps(host, order, all);
    await host.world.setPower(vmids?.[0] ?? 0, power);
    const before = await readTree(mount);
    expect((await runStep(host, order, "undo")).act.exit).toBe("in-use");
    expect(await readTree(mount)).toEqual(before);
    expect(await registered()).toHaveLength(3);
  });

  it.each(["web.nvram", "vmware.log"])("leaves a VM that has run, as %s shows: in-use", async (trace) => {
    const order = orderOf("web");
    await runSteps(host, order, all);
    await writeFile(join(mount, "web", trace), "x");
    const before = await readTree(mount);
    expect((await runStep(host, order, "undo")).act.exit).toBe("in-use");
    expect(await readTree(mount)).toEqual(before);
  });

  it("takes a VM back whose path the host does not take, by its vmid", async () => {
    await host.world.setAcceptsPaths(false);
    const order = orderOf("web");
    const { vmids } = await runSteps(host, order, all);
    await host.newCalls();
    const sight = await runStep(host, order, "undo");
    await host.world.setAcceptsPaths(true);
    expect(sight).toMatchObject({ folder: "absent", act: { exit: "done" } });
    expect((await host.newCalls()).filter(([, verb]) => verb === "vmsvc/unregister")).toEqual([
      ["vim-cmd", "vmsvc/unregister", host.driver.creation.plan(order).vmx.path],
      ["vim-cmd", "vmsvc/unregister", String(vmids?.[0])],
    ]);
    expect(await registered()).toEqual(["7", "8"]);
  });

  it("never takes another VM for its own that has the vmid by now", async () => {
    await host.world.setAcceptsPaths(false);
    const order = orderOf("web");
    const { vmids } = await runSteps(host, order, all);
    const vmid = vmids?.[0] ?? 0;
    const elsewhere = { vmid, name: "web", datastorePath: "[datastore2] web/web.vmx" };
    await host.world.setVms([elsewhere]);
    const sight = await host.driver.creation.look(order, undefined, {});
    expect(sight).toMatchObject({ folder: "ours", vmids: [], read: null });
    expect(await runStep(host, order, "undo")).toMatchObject({ folder: "absent", act: { exit: "done" } });
    await host.world.setAcceptsPaths(true);
    expect(await registered()).toEqual([String(vmid)]);
  });

  it("removes nothing where hostd's file spells a path that may be meant in a way not read here: unclear", async () => {
    const order = orderOf("web");
    await runSteps(host, order, all);
    const before = await readTree(mount);
    const text = await readFile(inventory, "utf8");
    await writeFile(inventory, text.replace(`${datastoreMount}/web/`, "/vmfs/volumes/B&#xFC;ro/web/"));
    expect((await runStep(host, order, "undo")).act.exit).toBe("unclear");
    expect(await readTree(mount)).toEqual(before);
  });

  it.each(["is not there", "is half written"])("removes nothing while hostd's file %s: unclear", async (how) => {
    const order = orderOf("web");
    await runSteps(host, order, all);
    const before = await readTree(mount);
    await rename(inventory, `${inventory}.away`);
    if (how !== "is not there") await writeFile(inventory, '<ConfigRoot>\n  <ConfigEntry id="0000">\n');
    expect(await host.driver.creation.look(order, undefined, {})).toMatchObject({ vmids: null, read: null });
    expect((await runStep(host, order, "undo")).act.exit).toBe("unclear");
    expect(await readTree(mount)).toEqual(before);
    await rename(`${inventory}.away`, inventory);
    expect(await runStep(host, order, "undo")).toMatchObject({ folder: "absent", act: { exit: "done" } });
  });

  it("needs not to know what is registered, where registering was never begun", async () => {
    const order = orderOf("web");
    await runSteps(host, order, ["claim", "disk", "configure"]);
    await rename(inventory, `${inventory}.away`);
    const sight = await runStep(host, order, actOf("undo", false));
    await rename(`${inventory}.away`, inventory);
    expect(sight).toMatchObject({ folder: "absent", vmids: null, act: { exit: "done" } });
  });

  it.each([
    ["power.getstate", "Failed to login: Connection refused"],
    ["unregister", "Failed to login: Connection reset by peer"],
  ])("removes nothing where %s does not answer: unclear", async (verb, stdout) => {
    const order = orderOf("web");
    const { vmids } = await runSteps(host, order, all);
    const before = await readTree(mount);
    const name = verb === "unregister" ? host.driver.creation.plan(order).vmx.path : String(vmids?.[0]);
    const call = ["vim-cmd", `vmsvc/${verb}`, name];
    await host.world.answer(call, { stdout, exitCode: 1 });
    const sight = await runStep(host, order, "undo");
    expect(sight.act).toMatchObject({ exit: "unclear", failure: { code: "HOSTD_DOWN" } });
    expect(await readTree(mount)).toEqual(before);
    await host.world.forgetAnswer(call);
    expect(await runStep(host, order, "undo")).toMatchObject({ folder: "absent", act: { exit: "done" } });
  });

  it("removes nothing where hostd's file is gone after unregistering: unclear", async () => {
    const order = orderOf("web");
    const { vmids } = await runSteps(host, order, all);
    const before = await readTree(mount);
    await host.world.setHanging("vim-cmd", true);
    const undoing = runStep(host, order, "undo");
    await untilCalled(host, `vim-cmd vmsvc/power.getstate ${vmids?.[0]}`);
    await rename(inventory, `${inventory}.away`);
    await host.world.setHanging("vim-cmd", false);
    expect((await undoing).act.exit).toBe("unclear");
    expect(await readTree(mount)).toEqual(before);
    await rename(`${inventory}.away`, inventory);
  });

  it.skipIf(!mayMount())("tells a file that can't be removed, and goes on from there: locked", async () => {
    const order = orderOf("web");
    await runSteps(host, order, ["claim", "disk", "configure"]);
    const extent = join(mount, "web/web-flat.vmdk");
    spawnSync("mount", ["--bind", extent, extent]);
    const locked = await runStep(host, order, "undo");
    spawnSync("umount", [extent]);
    expect(locked).toMatchObject({ folder: "ours", act: { exit: "locked", failure: { code: "HOST_BUSY" } } });
    expect(locked.files.toSorted()).toEqual([".ecoman-job", "web-flat.vmdk"]);
    expect(await runStep(host, order, "undo")).toMatchObject({ folder: "absent", act: { exit: "done" } });
  });

  it.each(["disk", "configure"] as const)("leaves a file that came in the very moment of the step %s", async (step) => {
    const order = orderOf("web");
    const file = step === "disk" ? "web.vmdk" : "web.vmx";
    await runStep(host, order, "claim");
    // The word is written down between the look for a file of the name and the making of it.
    const path = `${datastoreMount}/web/${file}`;
    await host.world.setFunctions(
      `printf() { /bin/busybox printf "$@"; if [ "$1 $2" = 'made %s\\n ${file}' ]; then echo mine >'${path}'; fi; }`,
    );
    const ended = await runStep(host, order, step);
    await host.world.setFunctions("");
    expect(ended.act.exit).toBe("file-there");
    expect(ended.made).toEqual(new Set());
    const sight = await runStep(host, order, "undo");
    expect(sight).toMatchObject({ folder: "foreign", act: { exit: "kept-folder" } });
    expect(await readTree(join(mount, "web"))).toEqual({ [file]: "mine\n" });
  });
});
