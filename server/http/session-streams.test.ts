import { connect } from "node:net";
import { expect, test } from "vitest";
import type { WebSocket } from "ws";
import { createManualClock } from "../crawler/testing/manual-clock.ts";
import { aVm } from "../schema/testing.ts";
import { createBrowser, type Reply, type TestBrowser } from "./test-browser.ts";
import { secretOf, startServer, type TestServer, until } from "./testing.ts";

const token = "a-token-of-32-characters-or-more";
const hour = 3_600_000;
const changes = "subscription { vmsChanged { revision upserted { comment } } }";

async function startSignedIn() {
  const clock = createManualClock();
  const server = await startServer({ token: secretOf(token), clock });
  const browser = createBrowser(server);
  await browser.signIn(token);
  return { server, clock, browser, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

interface Live {
  readonly socket: WebSocket;
  /** The code it is closed with. */
  readonly closed: Promise<number>;
  /** All that came by SSE until its end. */
  readonly events: Promise<Reply>;
}

/** One subscription by WebSocket and one by SSE, both begun. */
async function follow(
  { world }: TestServer,
  browser: TestBrowser,
  connectionParams: Record<string, string> = {},
): Promise<Live> {
  const before = world.vmNews.readers;
  const events = browser.query(changes, { accept: "text/event-stream", ...connectionParams });
  const socket = await browser.openSocket(connectionParams);
  if (typeof socket === "number") throw new Error(`closed with ${socket}`);
  socket.send(JSON.stringify({ type: "subscribe", id: "1", payload: { query: changes } }));
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  await until(() => world.vmNews.readers === before + 2);
  return { socket, closed, events };
}

const change = (comment: string) => ({
  kind: "CHANGES" as const,
  revision: "r2",
  upserted: [aVm({ comment })],
  removed: [],
});

test("signing out ends the session's streams on both transports within 2 s, and no others", async () => {
  await using given = await startSignedIn();
  const { server, browser } = given;
  const mine = await follow(server, browser);
  const colleague = createBrowser(server);
  await colleague.signIn(token);
  const hers = await follow(server, colleague);
  const programs = await follow(server, createBrowser(server), { authorization: `Bearer ${token}` });

  const signedOutAt = performance.now();
  await browser.send("DELETE", "/session");
  expect(await mine.closed).toBe(4401);
  expect((await mine.events).text).toContain("event: complete");
  expect(performance.now() - signedOutAt).toBeLessThan(2_000);
  await until(() => server.world.vmNews.readers === 4);

  server.world.vmNews.send(change("after the sign-out"));
  const heard = (socket: WebSocket) =>
    new Promise((resolve) => socket.once("message", (data) => resolve((data as Buffer).toString())));
  for (const { socket } of [hers, programs]) expect(await heard(socket)).toContain("after the sign-out");
  expect((await mine.events).text).not.toContain("after the sign-out");
});

test("a session that expires ends its streams", async () => {
  await using given = await startSignedIn();
  const { server, browser, clock } = given;
  const { closed, events } = await follow(server, browser);
  await clock.advance(12 * hour - 1);
  server.world.vmNews.send(change("in the last moment"));
  await until(() => server.world.vmNews.taken === 2);
  await clock.advance(1);
  expect(await closed).toBe(4401);
  expect((await events).text).toMatch(/in the last moment[\s\S]*event: complete/);
  await until(() => server.world.vmNews.readers === 0);
});

test("a session that is used keeps its streams, until it is used no more", async () => {
  await using given = await startSignedIn();
  const { server, browser, clock } = given;
  const { closed, socket } = await follow(server, browser);
  await clock.advance(8 * hour);
  await browser.send("GET", "/session");
  await clock.advance(11 * hour);
  expect(server.world.vmNews.readers).toBe(2);
  socket.send(JSON.stringify({ type: "subscribe", id: "2", payload: { query: "{ viewer { sessionExpiresAt } }" } }));
  const answer = await new Promise<string>((resolve) =>
    socket.once("message", (data) => resolve((data as Buffer).toString())),
  );
  expect(JSON.parse(answer)).toMatchObject({
    payload: { data: { viewer: { sessionExpiresAt: "2026-01-01T20:00:00.000Z" } } },
  });
  await clock.advance(hour);
  expect(await closed).toBe(4401);
});

test("a socket that was told to close and does not listen can do nothing any more, and is cut", async () => {
  await using given = await startSignedIn();
  const { server, browser } = given;
  const { socket, closed } = await follow(server, browser);
  socket.pause();
  await browser.send("DELETE", "/session");
  const query = 'mutation { refreshNode(name: "alpha") { task { id } } }';
  const message = JSON.stringify({ type: "subscribe", id: "2", payload: { query } });
  // Each of these would be a request, were it heard; the last one finds the line gone.
  await until(() => new Promise<boolean>((resolve) => socket.send(message, (error) => resolve(error !== undefined))));
  socket.resume();
  await closed;
  expect(server.world.requests).toEqual([]);
});

test("an SSE reader who does not read is cut when the session ends", async () => {
  await using given = await startSignedIn();
  const { server, browser } = given;
  const { port } = new URL(server.origin);
  const line = connect(Number(port), "127.0.0.1");
  let failed = false;
  line.on("error", () => (failed = true));
  const body = JSON.stringify({ query: changes });
  const head = ["POST /graphql HTTP/1.1", `host: 127.0.0.1:${port}`, "content-type: application/json"];
  head.push("accept: text/event-stream", `cookie: ${browser.cookie}`, `content-length: ${body.length}`);
  line.write(`${head.join("\r\n")}\r\n\r\n${body}`);
  line.pause();
  await until(() => server.world.vmNews.readers === 1);
  for (let count = 0; count < 200; count += 1) server.world.vmNews.send(change("x".repeat(100_000)));
  await until(() => server.world.vmNews.taken > 10);
  await browser.send("DELETE", "/session");
  expect(server.world.vmNews.readers).toBe(0);
  await until(() => {
    line.write("\r\n");
    return failed;
  });
});
