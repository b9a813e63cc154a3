/** What creating a VM really calls on the host, what it writes there, and what a look shows of it after each step. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { actOf, lookAtEnd, makingSteps, orderOf, runStep, runSteps, startCreationHost } from "./creation-case.ts";
import { datastoreMount } from "./esxi-texts.ts";
import type { FalseHost } from "./false-host.ts";
import { nameWithReason, whatIsMissing } from "./missing.ts";
import { readTree } from "./tree.ts";

const skipped = whatIsMissing() !== undefined;

describe.skipIf(skipped)(nameWithReason("creating a VM under OpenSSH with busybox ash"), () => {
  let host: FalseHost;
  let mount: string;
  beforeAll(async () => {
    ({ host, mount } = await startCreationHost());
  });
  afterAll(() => host?.close());
  beforeEach(async () => {
    await host.world.setVms([]);
    await host.newCalls();
  });

  const summary = (vmid: number) => ["vim-cmd", "vmsvc/get.summary", String(vmid)];

  it("shows an untouched datastore as such, and asks hostd nothing", async () => {
    const before = await readTree(mount);
    const sight = await host.driver.creation.look(orderOf("nothing"), undefined, {});
    expect(sight).toMatchObject({
      hasDatastore: true,
      folder: "absent",
      files: [],
      vmx: null,
      vmids: [],
      read: null,
      act: { state: "absent", exit: null, output: "", percent: null, failure: null },
    });
    expect(sight.made).toEqual(new Set());
    expect(await host.newCalls()).toEqual([]);
    expect(await readTree(mount)).toEqual(before);
  });

  it.each(["web", "a b", "web (copy) 2+1", "R_a.b-c", "x".repeat(80)])(
    "makes %j step by step, calling what was planned and nothing else",
    async (name) => {
      const order = orderOf(name, { comment: 'two\nlines of "note"' });
      const folder = `${datastoreMount}/${name}`;
      const { lines, vmx } = host.driver.creation.plan(order);
      const disk = ["vmkfstools", "-c", "40G", "-d", "thin", `${folder}/${name}.vmdk`];
      const mark = () => readFile(join(mount, name, ".ecoman-job"), "utf8");

      const claimed = await runStep(host, order, "claim");
      expect(claimed).toMatchObject({ folder: "ours", files: [".ecoman-job"], act: { exit: "done", output: "" } });
      expect(await mark()).toBe(`job ${order.jobId}\n`);
      expect(await host.newCalls()).toEqual([]);

      const withDisk = await runStep(host, order, "disk");
      expect(withDisk).toMatchObject({ act: { exit: "done", percent: 100, failure: null } });
      expect(withDisk.whole).toEqual(new Set([`${name}.vmdk`]));
      expect(await mark()).toBe(`job ${order.jobId}\nmade ${name}.vmdk\nwhole ${name}.vmdk\n`);
      expect(await host.newCalls()).toEqual([disk]);

      const configured = await runStep(host, order, "configure");
      expect(configured).toMatchObject({ vmx: vmx.text, vmids: [], act: { exit: "done", output: "" } });
      expect(configured.whole).toEqual(new Set([`${name}.vmdk`, `${name}.vmx`]));
      expect(await readFile(join(mount, name, `${name}.vmx`), "utf8")).toBe(vmx.text);
      expect(vmx.path).toBe(`${folder}/${name}.vmx`);
      expect(await host.newCalls()).toEqual([]);

      const registered = await runStep(host, order, "register");
      const vmid = Number(registered.act.output);
      expect(registered).toMatchObject({
        vmids: [vmid],
        read: { outcome: "read", summary: { vmid, name, powerState: "OFF", memorySizeMb: 2048, numCpu: 2 } },
      });
      expect(await host.newCalls()).toEqual([["vim-cmd", "solo/registervm", vmx.path, name], summary(vmid)]);

      const finished = await runStep(host, order, "finish");
      expect(finished).toMatchObject({ folder: "foreign", vmids: [vmid], act: { exit: "done" } });
      expect(finished.files.toSorted()).toEqual(
        ["-flat.vmdk", ".vmdk", ".vmsd", ".vmx", ".vmxf"].map((end) => `${name}${end}`),
      );
      expect(await host.newCalls()).toEqual([summary(vmid)]);
      expect(lines.disk).toHaveLength(1);
      expect(lines.register).toHaveLength(1);
    },
  );

  it("plans the lines that a person could type", async () => {
    const { creation } = host.driver;
    const order = orderOf("it (1)");
    expect(creation.plan(order).lines).toEqual({
      claim: [
        `mkdir '${datastoreMount}/it (1)'`,
        `printf 'job %s\\n' ${order.jobId} >'${datastoreMount}/it (1)/.ecoman-job'`,
      ],
      disk: [`vmkfstools -c 40G -d thin '${datastoreMount}/it (1)/it (1).vmdk'`],
      configure: [`cat >'${datastoreMount}/it (1)/it (1).vmx'`],
      register: [`vim-cmd solo/registervm '${datastoreMount}/it (1)/it (1).vmx' 'it (1)'`],
      finish: [`rm -f '${datastoreMount}/it (1)/.ecoman-job'`],
    });
    const registered = await runSteps(host, order, ["claim", "disk", "configure", "register"]);
    const path = (file: string) => `'${datastoreMount}/it (1)/${file}'`;
    expect(creation.planUndo(order, registered)).toEqual([
      `vim-cmd vmsvc/unregister ${path("it (1).vmx")}`,
      ...["it (1).vmx", "it (1).vmsd", "it (1).vmxf", "it (1).vmdk", "it (1)-flat.vmdk", ".ecoman-job"].map(
        (file) => `rm -f ${path(file)}`,
      ),
      `rmdir '${datastoreMount}/it (1)'`,
    ]);
  });

  it("keeps no line waiting for a disk, and shows how far it is", async () => {
    const order = orderOf("slow");
    await runStep(host, order, "claim");
    await host.world.setHanging("vmkfstools", true);
    const act = actOf("disk");
    const begun = await host.driver.creation.begin(order, act, {});
    expect(begun).toMatchObject({ act: { state: "running", exit: null, percent: 40 } });
    expect(begun.made).toEqual(new Set(["slow.vmdk"]));
    expect(begun.whole).toEqual(new Set());
    await host.world.setHanging("vmkfstools", false);
    expect(await lookAtEnd(host, order, act.actId)).toMatchObject({ act: { exit: "done", percent: 100 } });
  });

  it("names the root resource pool where the host asks for one", async () => {
    await host.world.setTrait("needs-pool", true);
    const order = orderOf("pooled");
    await runSteps(host, order, ["claim", "disk", "configure"]);
    await host.newCalls();
    const sight = await runStep(host, order, "register");
    await host.world.setTrait("needs-pool", false);
    const vmid = Number(sight.act.output);
    expect(sight).toMatchObject({ vmids: [vmid], act: { exit: "done" } });
    const { path } = host.driver.creation.plan(order).vmx;
    expect(await host.newCalls()).toEqual([
      ["vim-cmd", "solo/registervm", path, "pooled"],
      ["vim-cmd", "solo/registervm", path, "pooled", "ha-root-pool"],
      summary(vmid),
    ]);
  });

  it.each(["names-datastores", "writes-register-late"] as const)("finds the VM on a host that %s", async (trait) => {
    await host.world.setTrait(trait, true);
    const order = orderOf(trait);
    const sight = await runSteps(host, order, ["claim", "disk", "configure", "register"]);
    expect(sight).toMatchObject({ vmids: [Number(sight.act.output)], read: { outcome: "read" } });
    // A note can't pass for the host's answer that there is no such VM.
    const summaryFile = join(host.world.root, "stub/vms", sight.act.output.trim(), "summary");
    const note = 'annotation = "Unable to find a VM corresponding to "1""';
    await writeFile(summaryFile, (await readFile(summaryFile, "utf8")).replace('annotation = ""', note));
    expect(await host.driver.creation.look(order, undefined, {})).toMatchObject({ vmids: sight.vmids });
    await host.world.setTrait(trait, false);
    const undone = await runStep(host, order, "undo");
    expect(undone).toMatchObject({ folder: "absent", vmids: [], act: { exit: "done" } });
  });

  it("leaves nothing under /tmp once its steps are forgotten", async () => {
    const order = orderOf("tidy");
    const acts = makingSteps.map((step) => actOf(step));
    for (const act of acts) await runStep(host, order, act);
    const left = async () => (await readdir(join(host.world.root, "tmp"))).map((name) => name.replace("ecoman-", ""));
    const ids = acts.map(({ actId }) => actId);
    expect(await left()).toEqual(expect.arrayContaining(ids));
    await host.driver.forget(ids, {});
    expect((await left()).filter((id) => ids.includes(id))).toEqual([]);
  });
});
