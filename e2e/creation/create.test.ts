import { afterAll, beforeAll, expect, test } from "vitest";
import { notInstalled, run } from "../harness/commands.ts";
import { subscribeSse, subscribeWs } from "../harness/graphql.ts";
import { until } from "../harness/until.ts";
import { readVmx } from "../openssh/vmx-reader.ts";
import { type CreatedTask, type CreationLab, openCreationLab, taskFields } from "./lab.ts";

let lab: CreationLab;
beforeAll(async () => {
  lab = await openCreationLab({ diskMs: 2_500, delayMs: 50 });
});
afterAll(() => lab[Symbol.asyncDispose]());

const noSsh = notInstalled("ssh");

test.skipIf(noSsh)(`a VM is created, followed live, listed and powered on (${noSsh ?? "asked by ssh"})`, async () => {
  const tasks: CreatedTask[] = [];
  const vms: { name: string; powerState: string }[] = [];
  const lines = [
    subscribeWs<{ tasksChanged: { upserted: readonly CreatedTask[] } }>(
      lab.url,
      { query: `subscription { tasksChanged { upserted { ${taskFields} } } }` },
      ({ tasksChanged }) => tasks.push(...tasksChanged.upserted),
    ),
    subscribeSse<{ vmsChanged: { upserted: { name: string; powerState: string }[] } }>(
      lab.url,
      { query: "subscription { vmsChanged { upserted { name powerState } } }" },
      ({ vmsChanged }) => vms.push(...vmsChanged.upserted),
    ),
  ];
  const comment = 'for "Bob" | $(reboot) `id`\n12   x   [ds] a/a.vmx   otherGuest   vmx-09\nGrüße 🖥';
  const answer = await lab.createVm({
    name: "Shop (test) 1.0+b",
    numCpu: 2,
    memorySizeMb: 2048,
    diskSizeGb: 12,
    isoPath: "[datastore1] iso/debian-12.11.0-amd64-netinst.iso",
    comment,
    powerOn: true,
  });
  const task = await lab.end(answer);
  expect(task).toMatchObject({ state: "SUCCEEDED", error: null, progress: 100 });
  expect(task.vm).toMatchObject({
    name: "Shop (test) 1.0+b",
    powerState: "ON",
    comment,
    guestId: "debian12_64Guest",
    numCpu: 2,
    memorySizeMb: 2048,
    hardwareVersion: "vmx-20",
    datastorePath: "[datastore1] Shop (test) 1.0+b/Shop (test) 1.0+b.vmx",
  });
  expect(task.steps.find(({ name }) => name === "Compare with what was asked for")).toMatchObject({
    detail: "It is what was asked for.",
  });

  expect(tasks.filter(({ id }) => id === task.id).every(({ vmName }) => vmName === "Shop (test) 1.0+b")).toBe(true);
  const progress = new Set(tasks.filter(({ id }) => id === task.id).map((each) => each.progress));
  expect(progress.size, "percentages of the disk on the way").toBeGreaterThan(5);
  const mine = () => vms.filter(({ name }) => name === "Shop (test) 1.0+b").map(({ powerState }) => powerState);
  await until(() => mine().includes("ON"));
  expect(mine()[0], "it shows as soon as it is registered").toBe("OFF");
  for (const line of lines) line.cut();

  const { vms: list } = await lab.ask<{ vms: { nodes: { name: string }[] } }>(
    '{ vms(filter: { nodes: ["esx1"] }) { nodes { name } } }',
  );
  expect(list.nodes.map(({ name }) => name).sort()).toEqual(["Shop (test) 1.0+b", "web"]);
  const host = lab.simulated.simulator.host("esx1");
  const ssh = `ssh -p ${host.port} -i ${lab.simulated.simulator.privateKeyPath} -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR root@127.0.0.1`;
  expect(await run(`${ssh} vim-cmd vmsvc/getallvms`)).toContain("[datastore1] Shop (test) 1.0+b/Shop (test) 1.0+b.vmx");
  expect(await run(`${ssh} vim-cmd vmsvc/power.getstate ${task.vm?.vmid}`)).toContain("Powered on");
  const path = task.commands.find((line) => line.startsWith("cat >"))?.slice(6, -1) ?? "";
  const vmx = readVmx(Buffer.from(await host.readFile(path)));
  expect(vmx.get("annotation")).toBe(comment);
  expect(vmx.get("displayname")).toBe("Shop (test) 1.0+b");
  expect(vmx.get("sata0:0.filename")).toMatch(
    /^\/vmfs\/volumes\/[0-9a-f-]+\/iso\/debian-12\.11\.0-amd64-netinst\.iso$/,
  );
});

test("a dry run tells what the real one then runs, and touches nothing", async () => {
  const host = lab.simulated.simulator.host("esx2");
  const before = await host.fileMap();
  const input = { node: "esx2", name: "twin", powerOn: false };
  const plan = await lab.createVm({ ...input, dryRun: true });
  expect(plan).toMatchObject({ task: null, userErrors: [] });
  expect(await host.fileMap()).toEqual(before);
  const answer = await lab.createVm(input);
  const task = await lab.end(answer);
  const named = plan.commands.map((line) => line.replace("dry-run", answer.task?.id ?? ""));
  expect(task.commands).toEqual(named);
  expect((await host.fileMap())[`${folderOf(task)}/twin.vmx`]).toContain(plan.vmx);
});

test("the same name twice at once gives one VM and one clear CONFLICT; the same key the same task", async () => {
  const input = { node: "esx2", name: "once", idempotencyKey: "k1" };
  const [one, two, three] = await Promise.all([
    lab.createVm(input),
    lab.createVm(input),
    lab.createVm({ node: "esx2", name: "once" }),
  ]);
  if (one === undefined || three === undefined) throw new Error("no answer");
  expect(one.task?.id).toBe(two?.task?.id);
  // Whoever looks up a key first may come second.
  const [winner, loser] = one.task === null ? [three, one] : [one, three];
  expect(loser).toMatchObject({ task: null, userErrors: [{ code: "CONFLICT", path: ["input", "name"] }] });
  expect(await lab.end(winner)).toMatchObject({ state: "SUCCEEDED" });
  const names = lab.simulated.simulator
    .host("esx2")
    .vms()
    .map(({ name }) => name);
  expect(names.filter((name) => name === "once")).toHaveLength(1);
  const late = await lab.createVm({ node: "esx2", name: "ONCE" });
  expect(late.userErrors).toMatchObject([{ code: "CONFLICT", message: expect.stringContaining('"once" already') }]);
});

test("all faults of a request are told at once", async () => {
  const { task, userErrors } = await lab.createVm({
    name: "a/b",
    numCpu: 0,
    memorySizeMb: 5,
    diskSizeGb: 0,
    datastore: "x",
    portGroup: "y",
  });
  expect(task).toBeNull();
  expect(new Set(userErrors.map(({ path }) => path.at(-1)))).toEqual(
    new Set(["datastore", "diskSizeGb", "memorySizeMb", "name", "numCpu", "portGroup"]),
  );
});

test("what a form needs to offer is in Query.node", async () => {
  const fields =
    "hardwareVersion guestSystems { id } isoImages { path } portGroups { name } datastores { name freeBytes }";
  const node = await until(async () => {
    const found = await lab.ask<{
      node: { hardwareVersion: string | null; guestSystems: { id: string }[]; isoImages: unknown[] };
    }>(`{ node(name: "esx1") { ${fields} } }`);
    return found.node.guestSystems.length > 0 && found.node.isoImages.length > 0 ? found.node : undefined;
  });
  expect(node).toMatchObject({ hardwareVersion: "vmx-20" });
  expect(node.guestSystems.map(({ id }) => id)).toContain("debian12_64Guest");
});

function folderOf({ commands }: CreatedTask): string {
  return commands[0]?.replace(/^mkdir '?(.*?)'?$/, "$1") ?? "";
}
