/** Where a step of a creation must not go on, it stops, says why, and touches nothing of others. */
import { mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makingSteps, orderOf, runStep, runSteps, startCreationHost } from "./creation-case.ts";
import type { FalseHost } from "./false-host.ts";
import { nameWithReason, whatIsMissing } from "./missing.ts";
import { readTree } from "./tree.ts";

const skipped = whatIsMissing() !== undefined;

describe.skipIf(skipped)(nameWithReason("a step of a creation that is refused, under busybox ash"), () => {
  let host: FalseHost;
  let mount: string;
  beforeAll(async () => {
    ({ host, mount } = await startCreationHost());
  });
  afterAll(() => host?.close());
  beforeEach(async () => {
    await rm(mount, { recursive: true });
    await mkdir(mount);
    await host.world.setVms([]);
    await host.newCalls();
  });

  it.each([
    ["an empty folder", (path: string) => mkdir(path)],
    ["a file", (path: string) => writeFile(path, "mine")],
    ["a link to nowhere", (path: string) => symlink("/nowhere", path)],
    ["a link to a folder", (path: string) => symlink(".", path)],
  ])("finds %s in its place: taken", async (_what, make) => {
    await make(join(mount, "web"));
    const before = await readTree(mount);
    const order = orderOf("web");
    const sight = await runStep(host, order, "claim");
    expect(sight).toMatchObject({ folder: "foreign", act: { exit: "taken", failure: { code: "CONFLICT" } } });
    for (const step of ["disk", "configure", "register", "finish", "undo"] as const) {
      expect((await runStep(host, order, step)).act, step).toMatchObject({ state: "ended", exit: "not-ours" });
    }
    expect(await readTree(mount)).toEqual(before);
    expect(await host.newCalls()).toEqual([]);
  });

  it("finds another job's folder: nothing in it is touched by any step", async () => {
    const theirs = orderOf("web");
    await runSteps(host, theirs, ["claim", "disk"]);
    const before = await readTree(mount);
    await host.newCalls();
    const ours = orderOf("web");
    expect((await runStep(host, ours, "claim")).act.exit).toBe("taken");
    for (const step of makingSteps.slice(1)) expect((await runStep(host, ours, step)).act.exit).toBe("not-ours");
    expect((await runStep(host, ours, "undo")).act.exit).toBe("not-ours");
    const sight = await host.driver.creation.look(ours, undefined, {});
    expect(sight).toMatchObject({ folder: "foreign", files: [".ecoman-job", "web-flat.vmdk", "web.vmdk"] });
    expect(sight.made).toEqual(new Set());
    expect(await readTree(mount)).toEqual(before);
    expect(await host.newCalls()).toEqual([]);
  });

  it("does not take a datastore for there that is not mounted", async () => {
    await rename(mount, `${mount}.away`);
    const order = orderOf("web");
    expect(await host.driver.creation.look(order, undefined, {})).toMatchObject({
      hasDatastore: false,
      folder: "absent",
    });
    const sight = await runStep(host, order, "claim");
    expect(sight).toMatchObject({ hasDatastore: false, folder: "absent", act: { exit: "refused" } });
    expect(sight.act.failure?.message).toContain("No such file");
    await rename(`${mount}.away`, mount);
  });

  it.each([
    ["disk", "web.vmdk"],
    ["disk", "web-flat.vmdk"],
    ["configure", "web.vmx"],
  ] as const)("%s finds a file of the name there: file-there", async (step, file) => {
    const order = orderOf("web");
    await runStep(host, order, "claim");
    await writeFile(join(mount, "web", file), "mine");
    const sight = await runStep(host, order, step);
    expect(sight.act.exit).toBe("file-there");
    expect(sight.made).toEqual(new Set());
    expect(await readFile(join(mount, "web", file), "utf8")).toBe("mine");
    const undone = await runStep(host, order, "undo");
    expect(undone).toMatchObject({ folder: "foreign", files: [file], act: { exit: "kept-folder" } });
    expect(await readTree(join(mount, "web"))).toEqual({ [file]: "mine" });
    expect(await host.newCalls()).toEqual([]);
  });

  it.each(["web.vmdk", "web-flat.vmdk", "web.vmx"])("finds a link to nowhere as %s: file-there", async (file) => {
    const order = orderOf("web");
    await runStep(host, order, "claim");
    await symlink("../elsewhere", join(mount, "web", file));
    const step = file === "web.vmx" ? "configure" : "disk";
    expect((await runStep(host, order, step)).act.exit).toBe("file-there");
    expect((await runStep(host, order, "undo")).act.exit).toBe("kept-folder");
    expect(await readTree(mount)).toEqual({ web: "folder", [`web/${file}`]: "link ../elsewhere" });
  });

  it("disk fails half-way: refused, with what the host said, and all of it can be taken back", async () => {
    const order = orderOf("web");
    await runStep(host, order, "claim");
    await host.world.failDisks("Failed to create virtual disk: There is not enough space on the file system (8).");
    const sight = await runStep(host, order, "disk");
    await host.world.failDisks(undefined);
    expect(sight.act).toMatchObject({ exit: "refused", percent: 40, failure: { code: "OUT_OF_SPACE" } });
    expect(sight.act.failure?.message).toContain("not enough space on the file system");
    expect(sight.files).toContain("web-flat.vmdk");
    expect(sight.whole).toEqual(new Set());
    expect(await runStep(host, order, "undo")).toMatchObject({ folder: "absent", act: { exit: "done" } });
    expect(await readTree(mount)).toEqual({});
  });

  const refusals = {
    "vim.fault.AlreadyExists": ["CONFLICT", "The specified key, name, or identifier already exists."],
    "vim.fault.NotFound": ["NOT_FOUND", "The object or item referred to could not be found."],
    "vim.fault.RestrictedVersion": [
      "LICENSE_RESTRICTED",
      "Current license or ESXi version prohibits execution of the requested operation.",
    ],
  } as const;

  it.each(Object.entries(refusals))("register is refused with %s", async (type, [code, message]) => {
    const order = orderOf("web");
    await runSteps(host, order, ["claim", "disk", "configure"]);
    const call = ["vim-cmd", "solo/registervm", host.driver.creation.plan(order).vmx.path, "web"];
    const stdout = `(${type}) {\n   faultCause = (vmodl.MethodFault) null, \n   faultMessage = <unset>\n   msg = "${message}"\n}\n`;
    await host.world.answer(call, { stdout, exitCode: 1 });
    const sight = await runStep(host, order, "register");
    await host.world.forgetAnswer(call);
    expect(sight).toMatchObject({ vmids: [], act: { exit: "refused", failure: { code } } });
    expect(sight.act.failure?.message).toContain(message);
    expect(await runStep(host, order, "undo")).toMatchObject({ folder: "absent", act: { exit: "done" } });
    expect(await readTree(mount)).toEqual({});
  });

  it.each([
    ["Failed to login: Connection refused", "HOSTD_DOWN"],
    ["12 and something", "HOST_REFUSED"],
    ["", "HOST_REFUSED"],
    ["12345678901", "HOST_REFUSED"],
  ])("register takes %j for no vmid", async (stdout, code) => {
    const order = orderOf("web");
    await runSteps(host, order, ["claim", "disk", "configure"]);
    const call = ["vim-cmd", "solo/registervm", host.driver.creation.plan(order).vmx.path, "web"];
    await host.world.answer(call, { stdout, exitCode: 0 });
    const sight = await runStep(host, order, "register");
    await host.world.forgetAnswer(call);
    expect(sight).toMatchObject({ vmids: [], act: { exit: "refused", failure: { code } } });
  });

  it("register says that it is there already, where the answer to an earlier one was lost", async () => {
    const order = orderOf("web");
    const first = await runSteps(host, order, ["claim", "disk", "configure", "register"]);
    const second = await runStep(host, order, "register");
    expect(second).toMatchObject({ vmids: first.vmids, act: { exit: "refused", failure: { code: "CONFLICT" } } });
  });
});
