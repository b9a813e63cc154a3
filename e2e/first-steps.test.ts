/** What a newcomer does first, on the fleet and with the delays of the demo. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { notInstalled, run, start } from "./harness/commands.ts";
import { query, subscribeSse, subscribeWs } from "./harness/graphql.ts";
import { startSimulatedApp } from "./harness/simulated-app.ts";
import { until } from "./harness/until.ts";

interface VmRow {
  readonly id: string;
  readonly vmid: number;
  readonly name: string;
  readonly powerState: string;
  readonly node: { readonly name: string };
  readonly exceedsThreshold: Readonly<Record<"cpu" | "ram" | "storage" | "any", boolean>>;
}

const list = `query ($filter: VmFilter) {
  vms(filter: $filter, first: 300) {
    totalCount nodes { id vmid name powerState node { name } exceedsThreshold { cpu ram storage any } }
  }
}`;
const changes = "subscription { vmsChanged { upserted { id powerState } } }";

interface Change {
  readonly vmsChanged: { readonly upserted: readonly Pick<VmRow, "id" | "powerState">[] };
}

const noSsh = notInstalled("ssh");

test.skipIf(noSsh)(
  `a VM switched on reaches every subscriber and is true on its host (${noSsh ?? "by ssh"})`,
  async () => {
    await using simulated = await startSimulatedApp({
      seed: 7,
      hosts: 5,
      vmsPerHost: 40,
      lively: true,
      delayMs: 300,
      taskMs: 500,
      guestMs: 3_000,
      intervalSeconds: 10,
    });
    const { url, simulator } = simulated;
    const vms = async (filter: object) =>
      (await query<{ vms: { totalCount: number; nodes: VmRow[] } }>(url, list, { filter })).vms;

    const all = await vms({});
    expect(all.totalCount).toBeGreaterThanOrEqual(200);
    expect(new Set(all.nodes.map(({ node }) => node.name)).size).toBeGreaterThanOrEqual(5);
    const big = await until(async () => (await vms({ exceeds: { any: true } })).nodes.at(0));
    expect(big.exceedsThreshold.any).toBe(
      big.exceedsThreshold.cpu || big.exceedsThreshold.ram || big.exceedsThreshold.storage,
    );
    const off = await until(async () => (await vms({ powerStates: ["OFF"], nodes: ["esx01"] })).nodes.at(0));

    const heard = new Set<string>();
    const listen =
      (who: string) =>
      ({ vmsChanged }: Change) => {
        if (vmsChanged.upserted.some(({ id, powerState }) => id === off.id && powerState === "ON")) heard.add(who);
      };
    const lines = [
      subscribeWs<Change>(url, { query: changes }, listen("graphql-ws")),
      subscribeSse<Change>(url, { query: changes }, listen("SSE")),
    ];
    const { setPower } = await query<{ setPower: { task: { id: string } | null; userErrors: unknown[] } }>(
      url,
      "mutation ($id: ID!) { setPower(input: { vmId: $id, action: ON }) { task { id } userErrors { message } } }",
      { id: off.id },
    );
    expect(setPower.userErrors).toEqual([]);
    await until(() => heard.size === 2, { what: "both subscribers to hear of it" });
    const { task } = await query<{ task: { state: string; result: string } }>(
      url,
      "query ($id: ID!) { task(id: $id, waitMs: 30000) { state result } }",
      { id: setPower.task?.id },
    );
    expect(task.state).toBe("SUCCEEDED");
    const host = simulator.host("esx01");
    const said = await run(
      `ssh -p ${host.port} -i ${simulator.privateKeyPath} -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null ` +
        `-o LogLevel=ERROR root@127.0.0.1 vim-cmd vmsvc/power.getstate ${off.vmid}`,
    );
    expect(said).toBe("Retrieved runtime info\nPowered on\n");
    for (const line of lines) line.cut();
  },
);

const missing = notInstalled("ssh", "curl", "npm");

test.skipIf(missing)(
  `every command of the demo's page does what the page says (${missing ?? "as printed"})`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "ecoman-demo-"));
    await using closing = new AsyncDisposableStack();
    closing.defer(() => rm(folder, { recursive: true, force: true }));
    const demo = start(`exec '${process.execPath}' server/demo.ts`, { DATA_DIR: folder, PORT: "0" });
    closing.defer(() => demo.signal("SIGKILL"));
    await until(() => demo.text.includes("Ctrl-C ends it."), { withinMs: 60_000, what: "the page" });
    const page = demo.text;
    expect(page).toMatch(/ECoMan shows 240 VMs of 6 simulated ESXi hosts/);

    const commands = [...page.matchAll(/^ {5}(\S.*)$/gm)].map(([, line = ""]) => line);
    const [big = "", watch = "", events = "", switchOn = "", after = "", getState = "", getAll = "", ...creation] =
      commands;
    const { vms } = data<{ vms: { totalCount: number; nodes: VmRow[] } }>(await run(big));
    expect(vms.totalCount).toBeGreaterThan(5);
    expect(vms.nodes.every(({ node, exceedsThreshold }) => node.name !== "" && exceedsThreshold.any)).toBe(true);

    const streams = [start(watch), start(events)];
    for (const stream of streams) closing.defer(() => stream.signal("SIGTERM"));
    await until(() => streams.every(({ text }) => text !== ""), { what: "both streams to begin" });
    const { setPower } = data<{ setPower: { task: object | null; userErrors: object[] } }>(await run(switchOn));
    expect(setPower.userErrors).toEqual([]);
    const vm = await until(async () => {
      const answer = data<{ vm: { name: string; powerState: string; tasks: { nodes: { state: string }[] } } }>(
        await run(after),
      );
      return answer.vm.tasks.nodes[0]?.state === "SUCCEEDED" && answer.vm;
    });
    expect(vm.powerState).toBe("ON");
    expect(page).toContain(`Switch on ${vm.name}`);
    await until(() => streams[0]?.text.includes(`  ${vm.name}  ON\n`), { what: "the news over WebSocket" });
    await until(() => streams[1]?.text.includes(`"name":${JSON.stringify(vm.name)},"powerState":"ON"`), {
      what: "the news over SSE",
    });
    expect(await run(getState)).toContain("Powered on");
    expect(await run(getAll)).toContain(vm.name);

    const [follow = "", create = "", find = "", getNew = "", ...rest] = creation;
    expect(rest).toEqual([]);
    const progress = start(follow);
    closing.defer(() => progress.signal("SIGTERM"));
    await until(() => progress.text !== "", { what: "the stream of tasks to begin" });
    const { createVm } = data<{ createVm: { task: object | null; userErrors: object[] } }>(await run(create));
    expect(createVm.userErrors).toEqual([]);
    await until(() => progress.text.includes('"vmName":"try-me","state":"SUCCEEDED","progress":100'), {
      withinMs: 40_000,
      what: "the end of the creation",
    });
    const told = [...progress.text.matchAll(/"state":"RUNNING","progress":(\d+)/g)].map(([, percent]) => percent);
    expect(new Set(told).size).toBeGreaterThan(3);
    const { vms: found } = data<{ vms: { nodes: VmRow[] } }>(await run(find));
    expect(found.nodes).toMatchObject([{ name: "try-me", powerState: "ON" }]);
    expect(await run(getNew)).toContain("[datastore1] try-me/try-me.vmx");

    demo.signal("SIGTERM");
    expect(await demo.ended).toBe(0);
  },
  150_000,
);

function data<T>(answer: string): T {
  const { data: given, errors } = JSON.parse(answer) as { data: T; errors?: unknown };
  expect(errors).toBeUndefined();
  return given;
}
