import { connect } from "node:net";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { aTask, aVm } from "../schema/testing.ts";
import { startServer, type TestServer, until } from "./testing.ts";

const changes = "subscription { vmsChanged { kind revision upserted { id name } removed } }";

function change(name: string, revision = "r2") {
  return { kind: "CHANGES" as const, revision, upserted: [aVm({ name })], removed: ["vm-0"] };
}

test("changes of VMs arrive by WebSocket and by SSE", async () => {
  await using server = await startServer();
  const overSocket = server.client().iterate({ query: changes });
  const overEvents = server.events(changes);
  const first = [overSocket.next(), overEvents.next()];
  await until(() => server.world.vmNews.readers === 2);
  server.world.vmNews.send(change("new name"));
  for (const result of await Promise.all(first)) {
    expect(result.value).toMatchObject({
      data: {
        vmsChanged: {
          kind: "CHANGES",
          revision: "r2",
          upserted: [{ id: "vm-1", name: "new name" }],
          removed: ["vm-0"],
        },
      },
    });
  }
});

test("readings, nodes and tasks arrive too", async () => {
  await using server = await startServer();
  const client = server.client();
  const usage = client.iterate({
    query: "subscription { vmUsageChanged { usages { vmId vm { name } uptimeSeconds storageCommittedBytes } } }",
  });
  const nodes = client.iterate({
    query: "subscription { nodesChanged { revision upserted { name lastSeenAt } removed } }",
  });
  const tasks = client.iterate({
    query: 'subscription { tasksChanged(filter: { vmId: "vm-1" }) { upserted { id state } } }',
  });
  const first = Promise.all([usage.next(), nodes.next(), tasks.next()]);
  const { usageNews, nodeNews, taskNews } = server.world;
  await until(() => usageNews.readers + nodeNews.readers + taskNews.readers === 3);
  usageNews.send(["vm-1", "vm-gone"]);
  nodeNews.send({ revision: "r3", nodes: [...server.world.nodes.values()], removed: ["beta"] });
  taskNews.send([aTask({ state: "RUNNING" })]);
  expect((await first).map(({ value }) => (value as { data: unknown }).data)).toEqual([
    {
      vmUsageChanged: {
        usages: [{ vmId: "vm-1", vm: { name: "web" }, uptimeSeconds: 3660, storageCommittedBytes: 21_474_836_480 }],
      },
    },
    {
      nodesChanged: {
        revision: "r3",
        upserted: [{ name: "alpha", lastSeenAt: "2026-11-21T09:00:00.000Z" }],
        removed: ["beta"],
      },
    },
    { tasksChanged: { upserted: [{ id: "task-1", state: "RUNNING" }] } },
  ]);
});

test("whoever leaves frees his subscription, on both transports", async () => {
  await using server = await startServer();
  const overSocket = server.client().iterate({ query: changes });
  const abort = new AbortController();
  const overEvents = server.events(changes, abort.signal);
  void overSocket.next();
  const cut = overEvents.next().catch((error: unknown) => error);
  await until(() => server.world.vmNews.readers === 2);
  await overSocket.return?.();
  await until(() => server.world.vmNews.readers === 1);
  abort.abort();
  await cut;
  await until(() => server.world.vmNews.readers === 0);
});

test.each(["application/graphql-response+json", "*/*", "multipart/mixed"])(
  "a subscription whose sender accepts only %s is refused before it starts",
  async (accept) => {
    await using server = await startServer();
    const response = await fetch(`${server.origin}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", accept },
      body: JSON.stringify({ query: changes }),
    });
    expect(response.status).toBe(406);
    expect(server.world.vmNews.readers).toBe(0);
  },
);

test("on closing, WebSockets end with 1001 and SSE streams complete", async () => {
  const server = await startServer();
  const { socket } = await subscribed(server);
  const events = await openEvents(server);
  await until(() => server.world.vmNews.readers === 2);
  const closed = new Promise((resolve) => socket.on("close", resolve));
  const ended = events.text();
  await server[Symbol.asyncDispose]();
  expect(await closed).toBe(1001);
  expect(await ended).toContain("event: complete");
  expect(server.world.vmNews.readers).toBe(0);
  await expect(fetch(`${server.origin}/healthz`)).rejects.toThrow("fetch failed");
});

test("on closing, a request under way ends in peace", async () => {
  const server = await startServer();
  const waiting = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  server.world.parts.tasks.wait = async () => {
    asked.resolve();
    await waiting.promise;
    return aTask();
  };
  const answer = server.post('{ task(id: "task-1", waitMs: 30000) { state } }');
  await asked.promise;
  const closing = server.http.close(10_000);
  waiting.resolve();
  expect((await answer).data).toEqual({ task: { state: "SUCCEEDED" } });
  await closing;
});

test("both transports are pinged", async () => {
  await using server = await startServer({ limits: { pingMs: 50 } });
  const { socket } = await subscribed(server);
  await new Promise((resolve) => socket.once("ping", resolve));
  const reader = (await openEvents(server)).body?.getReader();
  const first = await reader?.read();
  const second = await reader?.read();
  expect(`${new TextDecoder().decode(first?.value)}${new TextDecoder().decode(second?.value)}`).toBe(":\n\n:\n\n");
  await reader?.cancel();
});

test("a WebSocket that never says who it is is closed with 4408", async () => {
  await using server = await startServer({ limits: { connectionInitMs: 50 } });
  const socket = new WebSocket(server.socketUrl, "graphql-transport-ws");
  expect(await new Promise((resolve) => socket.on("close", resolve))).toBe(4408);
});

test("one socket may run so many operations and no more", async () => {
  await using server = await startServer({ limits: { operationsPerSocket: 3 } });
  const { socket, messages } = await subscribed(server);
  for (const id of ["2", "3", "4", "5"]) socket.send(subscribeMessage(id));
  await until(() => messages.filter(({ type }) => type === "error").length === 2);
  expect(messages.filter(({ type }) => type === "error")).toMatchObject([
    { id: "4", payload: [{ extensions: { code: "LIMIT_EXCEEDED" } }] },
    { id: "5", payload: [{ extensions: { code: "LIMIT_EXCEEDED" } }] },
  ]);
  expect(server.world.vmNews.readers).toBe(3);
});

test("only so many streams at once, and room again when one has gone", async () => {
  await using server = await startServer({ limits: { streams: 2 } });
  const { socket } = await subscribed(server);
  const events = await openEvents(server);
  expect((await openEvents(server)).status).toBe(503);
  const refused = new WebSocket(server.socketUrl, "graphql-transport-ws");
  const error = await new Promise<Error>((resolve) => refused.on("error", resolve));
  expect(error.message).toContain("503");
  socket.close();
  await until(async () => {
    const again = await openEvents(server);
    await again.body?.cancel();
    return again.status === 200;
  });
  await events.body?.cancel();
});

test("a fault in mid-stream is masked on both transports", async () => {
  await using server = await startServer();
  server.world.parts.inventory.watchVms = async function* () {
    yield change("one");
    throw new Error("the password is hunter2");
  };
  const texts: string[] = [];
  for await (const event of server.events(changes)) texts.push(JSON.stringify(event));
  const overSocket = server.client().iterate({ query: changes });
  try {
    for await (const event of overSocket) texts.push(JSON.stringify(event));
  } catch (error) {
    texts.push(JSON.stringify(error));
  }
  expect(texts.filter((text) => text.includes("Unexpected error"))).toHaveLength(2);
  expect(texts.join()).not.toContain("hunter2");
});

const comment = "x".repeat(100_000);
const largeChanges = "subscription { vmsChanged { revision upserted { comment } } }";
const largeChange = (n: number) => ({ ...change("big", `r${n}`), upserted: [aVm({ comment })] });
const sent = 1_000;

test("a WebSocket that does not read is asked for no more than the line holds, then gets the rest", async () => {
  await using server = await startServer();
  const { socket, messages } = await subscribed(server, largeChanges);
  await until(() => server.world.vmNews.readers === 1);
  socket.pause();
  for (let n = 1; n <= sent; n += 1) server.world.vmNews.send(largeChange(n));
  const { taken } = await settled(server);
  expect(taken).toBeGreaterThan(0);
  expect(taken).toBeLessThan(sent / 2);
  socket.resume();
  await until(() => messages.length >= sent);
  expect(JSON.stringify(messages.at(-1))).toContain(`r${sent}`);
});

test("an SSE reader that does not read is asked for no more than the line holds", async () => {
  await using server = await startServer();
  const { port } = new URL(server.origin);
  const line = connect(Number(port), "127.0.0.1");
  const body = JSON.stringify({ query: largeChanges });
  const head = ["POST /graphql HTTP/1.1", `host: 127.0.0.1:${port}`, "content-type: application/json"];
  line.write(`${[...head, "accept: text/event-stream", `content-length: ${body.length}`].join("\r\n")}\r\n\r\n${body}`);
  line.pause();
  await until(() => server.world.vmNews.readers === 1);
  for (let n = 1; n <= sent; n += 1) server.world.vmNews.send(largeChange(n));
  const { taken } = await settled(server);
  expect(taken).toBeGreaterThan(0);
  expect(taken).toBeLessThan(sent / 2);
  line.destroy();
  await until(() => server.world.vmNews.readers === 0);
});

test("a reader that takes nothing for long is cut off", async () => {
  await using server = await startServer({ limits: { stuckReaderMs: 100 } });
  const { socket } = await subscribed(server, largeChanges);
  await until(() => server.world.vmNews.readers === 1);
  socket.pause();
  for (let n = 1; n <= sent; n += 1) server.world.vmNews.send(largeChange(n));
  await until(() => server.world.vmNews.readers === 0);
});

test("a WebSocket that asks and asks and never reads is cut off", async () => {
  await using server = await startServer({ limits: { bufferedBytes: 1_000_000 } });
  server.world.vms.set("vm-1", aVm({ comment }));
  const { socket } = await subscribed(server);
  socket.pause();
  const query = '{ vm(id: "vm-1") { comment } }';
  for (let n = 2; n < 2_000; n += 1) {
    socket.send(JSON.stringify({ type: "subscribe", id: String(n), payload: { query } }));
  }
  await until(() => server.world.vmNews.readers === 0);
});

/** When the server has taken nothing more for a while: what it had taken. */
async function settled(server: TestServer): Promise<{ taken: number }> {
  let taken = -1;
  await until(async () => {
    const before = taken;
    taken = server.world.vmNews.taken;
    await new Promise((resolve) => setTimeout(resolve, 300));
    return taken > 0 && taken === before;
  });
  return { taken };
}

interface Message {
  readonly type: string;
  readonly id: string;
}

/** A bare WebSocket with one subscription of id 1; `messages` are those of subscriptions. */
async function subscribed(server: TestServer, query = changes) {
  const socket = new WebSocket(server.socketUrl, "graphql-transport-ws");
  const messages: Message[] = [];
  await new Promise<void>((resolve) => {
    socket.on("open", () => socket.send(JSON.stringify({ type: "connection_init" })));
    socket.on("message", (data) => {
      const message = JSON.parse((data as Buffer).toString()) as Message;
      if (message.type === "connection_ack") resolve();
      else messages.push(message);
    });
  });
  socket.send(subscribeMessage("1", query));
  await until(() => server.world.vmNews.readers > 0);
  return { socket, messages };
}

function subscribeMessage(id: string, query = changes): string {
  return JSON.stringify({ type: "subscribe", id, payload: { query } });
}

function openEvents(server: TestServer): Promise<Response> {
  return fetch(`${server.origin}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({ query: changes }),
  });
}
