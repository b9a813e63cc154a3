import { expect, test } from "vitest";
import { AppError } from "../errors.ts";
import type { Log } from "../log.ts";
import { aVm } from "../schema/testing.ts";
import { startServer } from "./testing.ts";

test("answers a page of VMs with nodes, thresholds, readings and the revision", async () => {
  await using server = await startServer();
  const { status, data } = await server.post(`{
    vms(filter: { text: "web" }, orderBy: [{ field: UPTIME, direction: DESC }, { field: NAME }], first: 10) {
      totalCount revision
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      edges { cursor node { id } }
      nodes { name powerState uptimeSeconds storageCommittedBytes observedAt exceedsThreshold { cpu ram storage any } node { name vmCounts { on total } exceedsThreshold { any } } }
    }
  }`);
  expect(status).toBe(200);
  expect(data).toMatchObject({
    vms: {
      totalCount: 1,
      revision: "r1",
      pageInfo: { hasNextPage: false, hasPreviousPage: false },
      edges: [{ node: { id: "vm-1" } }],
      nodes: [
        {
          name: "web",
          powerState: "ON",
          uptimeSeconds: 3660,
          storageCommittedBytes: 21_474_836_480,
          observedAt: "2026-11-21T09:00:00.000Z",
          exceedsThreshold: { cpu: false, ram: true, storage: false, any: true },
          node: { name: "alpha", vmCounts: { on: 1, total: 1 }, exceedsThreshold: { any: false } },
        },
      ],
    },
  });
});

test("pages through VMs and nodes by their cursors, forwards and backwards", async () => {
  await using server = await startServer();
  for (const id of ["vm-2", "vm-3", "vm-4", "vm-5"]) server.world.vms.set(id, aVm({ id, name: id }));
  const page = async (args: string) => {
    const { data } = await server.post(
      `{ vms(${args}) { pageInfo { endCursor startCursor hasNextPage hasPreviousPage } nodes { id } } }`,
    );
    const { pageInfo, nodes } = (data ?? {})["vms"] as {
      pageInfo: { startCursor: string; endCursor: string; hasNextPage: boolean; hasPreviousPage: boolean };
      nodes: { id: string }[];
    };
    return { ...pageInfo, ids: nodes.map(({ id }) => id).join(" ") };
  };
  const first = await page("first: 2");
  expect(first).toMatchObject({ ids: "vm-1 vm-2", hasNextPage: true, hasPreviousPage: false });
  server.world.vms.delete("vm-2");
  expect(await page(`first: 2, after: "${first.endCursor}"`)).toMatchObject({ ids: "vm-3 vm-4", hasNextPage: true });
  const last = await page("last: 2");
  expect(last).toMatchObject({ ids: "vm-4 vm-5", hasNextPage: false, hasPreviousPage: true });
  expect(await page(`last: 1, before: "${last.startCursor}"`)).toMatchObject({ ids: "vm-3", hasPreviousPage: true });
});

test.each([
  ["{ vms(first: 0) { totalCount } }", "`first` must be from 1 to 1000; 0 was given."],
  ["{ vms(first: 1001) { totalCount } }", "`first` must be from 1 to 1000; 1001 was given."],
  ["{ vms(last: -1) { totalCount } }", "`last` must be from 1 to 1000; -1 was given."],
  ["{ nodes(first: 1, last: 1) { totalCount } }", "Give either `first` or `last`, not both."],
  ['{ nodes(after: "nonsense") { totalCount } }', "This cursor was not made by this list"],
  ["{ tasks(first: 5000) { totalCount } }", "`first` must be from 1 to 1000; 5000 was given."],
  ['{ task(id: "task-1", waitMs: 60001) { id } }', "`waitMs` must be from 0 to 60000; 60001 was given."],
])("refuses %s", async (query, message) => {
  await using server = await startServer();
  const { status, errors } = await server.post(query);
  expect(errors).toHaveLength(1);
  expect(errors?.[0]).toMatchObject({ extensions: { code: "INVALID_INPUT" } });
  expect(errors?.[0]?.message).toContain(message);
  expect(errors?.[0]?.extensions).not.toHaveProperty("http");
  // `task` may be null, so its error leaves data behind; the lists may not.
  expect(status).toBe(query.includes("waitMs") ? 200 : 400);
});

test("answers tasks, of a VM too, and waits for one", async () => {
  await using server = await startServer();
  const { data } = await server.post(`{
    tasks(filter: { states: [SUCCEEDED], kinds: [SET_POWER], node: "alpha", vmId: "vm-1" }) { totalCount nodes { id commands hostOutput steps { name state } error { code } node { name } vm { name } } }
    none: tasks(filter: { states: [RUNNING] }) { totalCount }
    vm(id: "vm-1") { tasks(first: 1) { nodes { id } } }
    task(id: "task-1", waitMs: 100) { state }
    nobody: task(id: "task-0") { state }
  }`);
  expect(data).toMatchObject({
    tasks: {
      totalCount: 1,
      nodes: [{ id: "task-1", commands: ["vim-cmd vmsvc/power.off 11"], node: { name: "alpha" } }],
    },
    none: { totalCount: 0 },
    vm: { tasks: { nodes: [{ id: "task-1" }] } },
    task: { state: "SUCCEEDED" },
    nobody: null,
  });
});

test("hands a power request to the task runner with who asked, and answers the task", async () => {
  await using server = await startServer();
  const { data } = await server.post(
    `mutation ($input: SetPowerInput!) { setPower(input: $input) { task { id state } vm { name } commands userErrors { code path } } }`,
    { input: { vmId: "vm-1", action: "OFF", expectedPowerState: "ON", idempotencyKey: "k1" } },
  );
  expect(data).toEqual({
    setPower: { task: { id: "task-2", state: "QUEUED" }, vm: { name: "web" }, commands: [], userErrors: [] },
  });
  expect(server.world.requests).toEqual([
    { actor: "local", vmId: "vm-1", action: "OFF", expectedPowerState: "ON", idempotencyKey: "k1", dryRun: false },
  ]);
});

test("answers expected failures of a mutation as data, and the commands of a dry run", async () => {
  await using server = await startServer();
  const { status, data } = await server.post(`mutation {
    gone: setPower(input: { vmId: "vm-9", action: ON }) { task { id } vm { id } userErrors { code message path } }
    dry: setPower(input: { vmId: "vm-1", action: OFF, dryRun: true }) { task { id } commands userErrors { code } }
    key: answerQuestion(input: { vmId: "vm-1", questionId: "1", choiceKey: "0", idempotencyKey: "" }) { userErrors { code path } }
    refreshNode(name: "alpha") { task { id } node { status } userErrors { code } }
    cancelTask(id: "task-1") { task { id } userErrors { code } }
  }`);
  expect(status).toBe(200);
  expect(data).toMatchObject({
    gone: { task: null, vm: null, userErrors: [{ code: "NOT_FOUND", path: ["input", "vmId"] }] },
    dry: { task: null, commands: ["vim-cmd vmsvc/power.off 11"], userErrors: [] },
    key: { userErrors: [{ code: "INVALID_INPUT", path: ["input", "idempotencyKey"] }] },
    refreshNode: { node: { status: "ONLINE" }, userErrors: [] },
    cancelTask: { userErrors: [] },
  });
});

test("tells who is asking, about the server and the limits in force", async () => {
  await using server = await startServer();
  const { data } = await server.post(
    "{ viewer { name signedInBy permissions } serverInfo { version nodeCount store } thresholds { vm { cpu ramMb storageGb } node { cpuRatio } } }",
  );
  expect(data).toEqual({
    viewer: { name: "local", signedInBy: "LOOPBACK", permissions: ["READ", "OPERATE"] },
    serverInfo: { version: "1.0.0-test", nodeCount: 1, store: "memory" },
    thresholds: { vm: { cpu: 5, ramMb: 8192, storageGb: 50 }, node: { cpuRatio: 4 } },
  });
});

test("runs the operation that is named, of a document with two", async () => {
  await using server = await startServer();
  const query = 'query A { vm(id: "vm-1") { id } } query B { node(name: "alpha") { name } }';
  const ask = async (operationName: string) => {
    const response = await fetch(`${server.origin}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query, operationName }),
    });
    return (await response.json()) as unknown;
  };
  expect(await ask("A")).toEqual({ data: { vm: { id: "vm-1" } } });
  expect(await ask("B")).toEqual({ data: { node: { name: "alpha" } } });
  expect(await ask("A")).toEqual({ data: { vm: { id: "vm-1" } } });
  expect(await ask("C")).toMatchObject({ errors: [{ extensions: { code: "INVALID_INPUT" } }] });
});

test("masks what is unexpected and logs it with its cause; shows what is meant to be seen", async () => {
  const logged: unknown[] = [];
  const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: (fields) => void logged.push(fields) };
  await using server = await startServer({ log });
  const secret = new Error("password is hunter2");
  server.world.vms.get = () => {
    throw secret;
  };
  const masked = await server.post('{ vm(id: "vm-1") { id } }');
  expect(masked.errors?.[0]?.message).toContain("Unexpected error");
  expect(masked.errors?.[0]).toMatchObject({ path: ["vm"], extensions: { code: "INTERNAL" } });
  expect(JSON.stringify(masked)).not.toContain("hunter2");
  expect(logged).toEqual([{ err: secret, path: "vm" }]);

  server.world.vms.get = () => {
    throw new AppError("SHUTTING_DOWN", "This server is shutting down.");
  };
  const shown = await server.post('{ vm(id: "vm-1") { id } }');
  expect(shown.errors?.[0]).toMatchObject({
    message: "This server is shutting down.",
    extensions: { code: "SHUTTING_DOWN" },
  });
  expect(logged).toHaveLength(1);
});

test("serves the schema, the probes, a way to the API, and nothing else", async () => {
  let ready = false;
  await using server = await startServer({ isReady: () => ready });
  const get = (path: string) => fetch(`${server.origin}${path}`, { redirect: "manual" });
  expect((await get("/healthz")).status).toBe(200);
  expect((await get("/readyz")).status).toBe(503);
  ready = true;
  expect((await get("/readyz")).status).toBe(200);
  expect(await (await get("/schema.graphql")).text()).toContain("type Query {");
  const missing = await get("/etc/passwd");
  expect(missing.status).toBe(404);
  expect(missing.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(missing.headers.get("x-content-type-options")).toBe("nosniff");
});
