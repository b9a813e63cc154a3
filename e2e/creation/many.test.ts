/** Many creations at once: all right, none lost, and the crawl goes on. */
import { expect, test } from "vitest";
import { query } from "../harness/graphql.ts";
import { until } from "../harness/until.ts";
import { type CreationLab, openCreationLab } from "./lab.ts";

async function createAll(lab: CreationLab, inputs: readonly { node: string; name: string }[]): Promise<void> {
  const scans = await scanTimes(lab);
  const answers = await Promise.all(inputs.map((input) => lab.createVm(input)));
  expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual([]);
  await until(async () => [...(await scanTimes(lab))].every(([node, at]) => at > (scans.get(node) ?? "")), {
    withinMs: 60_000,
    what: "another scan of every node meanwhile",
  });
  const unfinished = await lab.ask<{ tasks: { nodes: { id: string }[] } }>(
    "{ tasks(first: 500, filter: { states: [QUEUED, RUNNING] }) { nodes { id } } }",
  );
  expect(unfinished.tasks.nodes.length, "scans came while creations were under way").toBeGreaterThan(0);
  const tasks = await Promise.all(answers.map((answer) => lab.end(answer)));
  expect(tasks.filter(({ state }) => state !== "SUCCEEDED")).toEqual([]);
  for (const host of lab.simulated.simulator.hosts) {
    const wanted = inputs.filter(({ node }) => node === host.name).map(({ name }) => name);
    const found = host
      .vms()
      .map(({ name }) => name)
      .filter((name) => name.startsWith("new-"));
    expect(found.sort()).toEqual(wanted.sort());
  }
  const known = await until(async () => {
    const text = '{ vms(first: 500, filter: { text: "new-" }) { totalCount } }';
    const { vms } = await query<{ vms: { totalCount: number } }>(lab.url, text);
    return vms.totalCount === inputs.length && vms.totalCount;
  });
  expect(known).toBe(inputs.length);
}

async function scanTimes(lab: CreationLab): Promise<ReadonlyMap<string, string>> {
  const { nodes } = await lab.ask<{ nodes: { nodes: { name: string; lastScan: { at: string } | null }[] } }>(
    "{ nodes { nodes { name lastScan { at } } } }",
  );
  return new Map(nodes.nodes.map(({ name, lastScan }) => [name, lastScan?.at ?? ""]));
}

test("20 on one host", async () => {
  await using lab = await openCreationLab({ hosts: [{ name: "esx1", vms: 3 }], diskMs: 200 });
  await createAll(
    lab,
    Array.from({ length: 20 }, (_, index) => ({ node: "esx1", name: `new-${index + 1}` })),
  );
});

test("100 over ten hosts", async () => {
  const names = Array.from({ length: 10 }, (_, index) => `esx${index + 1}`);
  await using lab = await openCreationLab({
    hosts: names.map((name) => ({ name, vms: 3 })),
    diskMs: 200,
    intervalSeconds: 2,
  });
  await createAll(
    lab,
    Array.from({ length: 100 }, (_, index) => ({ node: names[index % 10] ?? "", name: `new-${index + 1}` })),
  );
});
