/** hosts.yml while ECoMan runs, and what is shown after a restart. */
import { readFile, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { query, subscribeSse } from "./harness/graphql.ts";
import { type SimulatedApp, startSimulatedApp } from "./harness/simulated-app.ts";
import { until } from "./harness/until.ts";

interface NodeRow {
  readonly name: string;
  readonly status: string;
  readonly statusMessage: string | null;
  readonly labels: readonly string[];
  readonly thresholds: { readonly vm: { readonly cpu: number } };
  readonly lastSeenAt: string | null;
  readonly vmCounts: { readonly total: number };
  readonly vms: { readonly nodes: readonly VmRow[] };
}

interface VmRow {
  readonly id: string;
  readonly name: string;
  readonly powerState: string;
  readonly stale: boolean;
  readonly observedAt: string | null;
  readonly exceedsThreshold: { readonly cpu: boolean };
}

const list = `{ nodes { nodes {
  name status statusMessage labels thresholds { vm { cpu } } lastSeenAt vmCounts { total }
  vms { nodes { id name powerState stale observedAt exceedsThreshold { cpu } } }
} } }`;

const hosts = ["esx1", "esx2", "esx3"].map((name) => ({
  name,
  labels: ["lab"],
  vms: ["a", "b"].map((vm) => ({ name: `${name}-${vm}`, numCpu: 2, power: "ON" as const })),
}));

async function nodes({ url }: SimulatedApp): Promise<readonly NodeRow[]> {
  return (await query<{ nodes: { nodes: NodeRow[] } }>(url, list)).nodes.nodes;
}

async function nodeOf(simulated: SimulatedApp, name: string): Promise<NodeRow | undefined> {
  return (await nodes(simulated)).find((node) => node.name === name);
}

function untilNode(simulated: SimulatedApp, name: string, isSo: (node: NodeRow) => boolean): Promise<NodeRow> {
  const look = async () => {
    const node = await nodeOf(simulated, name);
    return node !== undefined && isSo(node) && node;
  };
  return until(look, { what: `${name}: ${isSo.toString()}` });
}

function idsOf({ vms }: NodeRow): readonly string[] {
  return vms.nodes.map(({ id }) => id).toSorted();
}

/** One node's lines of the file that the simulator prints. */
function entryOf(printed: string, name: string): string {
  return new RegExp(`^"${name}":\\n(?: .*\\n)+`, "m").exec(printed)?.[0] ?? "";
}

function logged({ logLines }: SimulatedApp, text: string): readonly Record<string, unknown>[] {
  return logLines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ msg }) => String(msg).includes(text));
}

test("nodes come, change and go with the file, without a restart", async () => {
  await using simulated = await startSimulatedApp({
    hosts,
    hostsYml: (printed) => printed.replace(entryOf(printed, "esx3"), ""),
  });
  const all = simulated.simulator.hostsYml();
  const edit = (text: string): Promise<void> => writeFile(simulated.hostsPath, text);
  const [first, second] = [await nodeOf(simulated, "esx1"), await nodeOf(simulated, "esx2")];
  expect((await nodes(simulated)).map(({ name }) => name)).toEqual(["esx1", "esx2"]);
  const connections = simulated.simulator.host("esx2").sshCounts().connections;

  await edit(all);
  const third = await untilNode(
    simulated,
    "esx3",
    ({ status, vmCounts }) => status === "ONLINE" && vmCounts.total === 2,
  );

  await edit(
    all.replace(
      entryOf(all, "esx1"),
      (entry) => `${entry.replace('- "lab"', '- "rack 7"')}  thresholds:\n    cpu: 2\n`,
    ),
  );
  const relabelled = await untilNode(
    simulated,
    "esx1",
    ({ labels, vms }) =>
      labels.includes("rack 7") && vms.nodes.every(({ exceedsThreshold, stale }) => exceedsThreshold.cpu && !stale),
  );
  expect(relabelled.thresholds.vm.cpu).toBe(2);
  expect(idsOf(relabelled)).toEqual(first && idsOf(first));
  const labelled = await query<{ vms: { totalCount: number } }>(
    simulated.url,
    '{ vms(filter: { nodeLabels: ["rack 7"] }) { totalCount } }',
  );
  expect(labelled.vms.totalCount).toBe(2);

  // Who is not touched keeps his connection.
  expect(simulated.simulator.host("esx2").sshCounts().connections).toBe(connections);
  await edit(all.replace('"esx2":\n', '"esx2":\n  disabled: true\n'));
  const disabled = await untilNode(simulated, "esx2", ({ status }) => status === "DISABLED");
  expect(disabled.statusMessage).toMatch(/Switched off in hosts\.yml; remove disabled/);
  expect(disabled.vms.nodes.map(({ stale }) => stale)).toEqual([true, true]);
  await until(() => simulated.simulator.host("esx2").sshCounts().openConnections === 0);
  await edit(all);
  const enabled = await untilNode(
    simulated,
    "esx2",
    ({ status, vms }) => status === "ONLINE" && vms.nodes.every(({ stale }) => !stale),
  );
  expect(idsOf(enabled)).toEqual(second && idsOf(second));

  const port = simulated.simulator.host("esx3").port;
  await edit(all.replace(`port: ${port}`, "port: 1"));
  const moved = await untilNode(simulated, "esx3", ({ status }) => status === "UNREACHABLE");
  expect(moved.statusMessage).toMatch(/127\.0\.0\.1:1\b.*refused.*check address and port in hosts\.yml/s);
  expect(idsOf(moved)).toEqual(idsOf(third));

  const removed: string[] = [];
  const line = subscribeSse<{ nodesChanged: { removed: string[] } }>(
    simulated.url,
    { query: "subscription { nodesChanged { removed } }" },
    ({ nodesChanged }) => void removed.push(...nodesChanged.removed),
  );
  await edit(all.replace(entryOf(all, "esx3"), ""));
  await until(async () => (await nodeOf(simulated, "esx3")) === undefined);
  await until(() => removed.includes("esx3"));
  line.cut();
  expect((await query<{ vms: { totalCount: number } }>(simulated.url, "{ vms { totalCount } }")).vms.totalCount).toBe(
    4,
  );
});

test("a broken edit keeps the nodes in force and says everything that is wrong with it, once", async () => {
  await using simulated = await startSimulatedApp({ hosts });
  const good = await readFile(simulated.hostsPath, "utf8");
  const broken = good.replace("username:", "user:").replace(/port: \d+/, "port: 99999");
  await writeFile(simulated.hostsPath, broken);
  const [line] = await until(() => {
    const lines = logged(simulated, "hosts.yml has faults");
    return lines.length > 0 && lines;
  });
  const faults = line?.["faults"] as readonly string[];
  const place = simulated.hostsPath;
  expect(faults).toEqual([
    expect.stringMatching(new RegExp(`^${place}:1:1  esx1.username is not given: expected \\S`)),
    expect.stringMatching(new RegExp(`^${place}:3:9  esx1.port = "99999": expected a whole number from 1 to 65535$`)),
    expect.stringMatching(new RegExp(`^${place}:4:3  esx1.user\\b.*username`)),
  ]);
  expect(line?.["level"]).toBe("error");
  const before = await nodes(simulated);
  expect(before.map(({ name, status }) => [name, status])).toEqual(hosts.map(({ name }) => [name, "ONLINE"]));
  // They are still looked at.
  await untilNode(simulated, "esx1", ({ lastSeenAt }) => (lastSeenAt ?? "") > (before[0]?.lastSeenAt ?? ""));

  await writeFile(simulated.hostsPath, good);
  await until(() => logged(simulated, "hosts.yml changed and is in force").length > 0);
  expect(logged(simulated, "hosts.yml has faults")).toHaveLength(1);
});

test("after a restart the last known state is there at once, stale and with its age", async () => {
  await using simulated = await startSimulatedApp({ hosts });
  const isRead = async () => {
    const rows = await nodes(simulated);
    return rows.every(({ vms }) => vms.nodes.every(({ observedAt }) => observedAt !== null)) && rows;
  };
  const before = await until(isRead);
  const stoppedAt = new Date().toISOString();
  // Silent hosts: no scan can end.
  await simulated.reopen(async () => {
    for (const host of simulated.simulator.hosts) host.halfOpen(true);
  });
  const after = await nodes(simulated);
  expect(after.map(({ status }) => status)).toEqual(["PENDING", "PENDING", "PENDING"]);
  expect(after[0]?.statusMessage).toMatch(/Not looked at yet since ECoMan started/);
  expect(after.map(idsOf)).toEqual(before.map(idsOf));
  for (const node of after) {
    expect(node.lastSeenAt && node.lastSeenAt <= stoppedAt).toBe(true);
    for (const vm of node.vms.nodes) {
      expect(vm).toMatchObject({ stale: true, powerState: "ON" });
      expect(vm.observedAt && vm.observedAt <= stoppedAt).toBe(true);
    }
  }
  expect((await fetch(`${simulated.url}/readyz`)).status).toBe(503);
  expect((await fetch(`${simulated.url}/healthz`)).status).toBe(200);
});
