import { expect, test } from "vitest";
import { createManualClock } from "../crawler/testing/manual-clock.ts";
import { createBrowser, type TestBrowser } from "./test-browser.ts";
import { secretOf, startServer } from "./testing.ts";

const token = "a-token-of-32-characters-or-more";
const otherToken = "another-token-of-many-characters";
const minute = 60_000;
const hour = 60 * minute;
const whoAmI = "{ viewer { name signedInBy sessionExpiresAt } }";

async function startWithToken() {
  const clock = createManualClock(Date.parse("2026-11-21T09:00:00.000Z"));
  const server = await startServer({ token: secretOf(token), clock });
  return { server, clock, browser: createBrowser(server), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

async function isIn(browser: TestBrowser): Promise<boolean> {
  return (await browser.query(whoAmI)).status === 200;
}

test("the token is traded for a cookie that no script reads and no other site sends", async () => {
  await using given = await startWithToken();
  const { status, json, headers } = await given.browser.signIn(token);
  expect(status).toBe(200);
  expect(json).toEqual({ signedIn: true, needsToken: true, expiresAt: "2026-11-21T21:00:00.000Z" });
  const [kept = "", ...others] = headers["set-cookie"] ?? [];
  const { port } = new URL(given.server.origin);
  expect(kept.replace(/=[\w.-]+;/, "=TEXT;")).toBe(
    `ecoman-${port}=TEXT; Path=/; HttpOnly; SameSite=Strict; Max-Age=43200`,
  );
  expect(others).toEqual([]);
  expect(kept).not.toContain(token);
  expect(headers["cache-control"]).toBe("no-store");
});

test("the cookie lets in on HTTP, SSE and WebSocket", async () => {
  await using given = await startWithToken();
  const { browser } = given;
  expect(await isIn(browser)).toBe(false);
  await browser.signIn(token);
  const viewer = { name: "token", signedInBy: "SESSION", sessionExpiresAt: "2026-11-21T21:00:00.000Z" };
  expect((await browser.query(whoAmI)).json).toEqual({ data: { viewer } });
  expect((await browser.query(whoAmI, { accept: "text/event-stream" })).text).toContain(JSON.stringify({ viewer }));
  const socket = await browser.openSocket();
  if (typeof socket === "number") throw new Error(`closed with ${socket}`);
  socket.send(JSON.stringify({ type: "subscribe", id: "1", payload: { query: whoAmI } }));
  const answer = await new Promise((resolve) => socket.once("message", (data) => resolve((data as Buffer).toString())));
  expect(JSON.parse(String(answer))).toMatchObject({ type: "next", payload: { data: { viewer } } });
});

test("what is presented as authorization wins over the cookie", async () => {
  await using given = await startWithToken();
  const { browser } = given;
  await browser.signIn(token);
  expect((await browser.query(whoAmI, { authorization: "Bearer wrong" })).status).toBe(401);
  expect(await browser.openSocket({ authorization: "Bearer wrong" })).toBe(4403);
  expect(await browser.openSocket({ authorization: {} })).toBe(4403);
  const byToken = await browser.query("{ viewer { signedInBy sessionExpiresAt } }", {
    authorization: `Bearer ${token}`,
  });
  expect(byToken.json).toEqual({ data: { viewer: { signedInBy: "TOKEN", sessionExpiresAt: null } } });
});

test("a cookie that was tampered with, made up or made for another token opens nothing", async () => {
  await using given = await startWithToken();
  await using other = await startServer({ token: secretOf(otherToken) });
  const { browser } = given;
  await browser.signIn(token);
  const [name = "", good = ""] = (browser.cookie ?? "").split("=");
  const stranger = createBrowser(other);
  await stranger.signIn(otherToken);
  const [id = "", signedInAt = "", expiresAt = "", mac = ""] = good.split(".");
  const changed = good
    .split("")
    .map((character, at) => good.slice(0, at) + (character === "1" ? "2" : "1") + good.slice(at + 1));
  const bad = [
    ...changed,
    [id, signedInAt, String(Number(expiresAt) + hour), mac].join("."),
    `${good}A`,
    good.slice(0, -1),
    `${good}.`,
    stranger.cookie?.split("=")[1] ?? "",
    "",
    "j:{}",
    '{"$ne":1}',
    `"${good}"`,
    token,
    "x".repeat(8_000),
  ];
  for (const text of bad) {
    browser.cookie = `${name}=${text}`;
    expect(await isIn(browser), text).toBe(false);
  }
  for (const text of bad.slice(-12)) {
    browser.cookie = `${name}=${text}`;
    expect(await browser.openSocket(), text).toBe(4403);
  }
  browser.cookie = `other=1; ${name}x=${bad[0]}; ${name}=${good}; more=2`;
  expect(await isIn(browser)).toBe(true);
});

test("a session outlives a restart, and holds on another server with the same token", async () => {
  await using given = await startWithToken();
  await given.browser.signIn(token);
  await using second = await startServer({ token: secretOf(token), clock: given.clock });
  const there = createBrowser(second);
  const text = given.browser.cookie?.split("=")[1];
  there.cookie = `ecoman-${new URL(second.origin).port}=${text}`;
  expect(await isIn(there)).toBe(true);
});

test("the page learns what to show without a refusal", async () => {
  await using given = await startWithToken();
  const { browser, clock } = given;
  const state = async () => (await browser.send("GET", "/session")).json;
  expect(await state()).toEqual({ signedIn: false, needsToken: true, expiresAt: null });
  await browser.signIn(token);
  expect(await state()).toEqual({ signedIn: true, needsToken: true, expiresAt: "2026-11-21T21:00:00.000Z" });
  await clock.advance(12 * hour);
  expect(await state()).toEqual({ signedIn: false, needsToken: true, expiresAt: null });
  expect(browser.cookie).toBeUndefined();
});

test("without a token nobody needs to sign in", async () => {
  await using server = await startServer();
  const browser = createBrowser(server);
  const open = { signedIn: true, needsToken: false, expiresAt: null };
  for (const method of ["GET", "DELETE"]) expect((await browser.send(method, "/session")).json).toEqual(open);
  expect((await browser.signIn("whatever")).json).toEqual(open);
  expect(browser.cookie).toBeUndefined();
});

test("a session ends 12 hours after it was last used", async () => {
  await using given = await startWithToken();
  const { browser, clock } = given;
  await browser.signIn(token);
  await clock.advance(12 * hour - 1);
  const last = browser.cookie;
  const { json } = await browser.query("{ viewer { sessionExpiresAt } }");
  expect(json).toEqual({ data: { viewer: { sessionExpiresAt: "2026-11-22T08:59:59.999Z" } } });
  expect(browser.cookie).not.toBe(last);
  await clock.advance(12 * hour - 1);
  expect(await isIn(browser)).toBe(true);
  await clock.advance(12 * hour);
  const late = await browser.query(whoAmI);
  expect(late.status).toBe(401);
  expect(late.json).toMatchObject({
    errors: [{ message: expect.stringContaining("expired"), extensions: { code: "UNAUTHENTICATED" } }],
  });
  expect(await browser.openSocket()).toBe(4403);
});

test("its cookie is renewed no more often than every ten minutes, by the page's state too", async () => {
  await using given = await startWithToken();
  const { browser, clock } = given;
  await browser.signIn(token);
  const first = browser.cookie;
  await clock.advance(10 * minute - 1);
  await browser.query(whoAmI);
  await browser.send("GET", "/session");
  expect(browser.cookie).toBe(first);
  await clock.advance(1);
  const { json } = await browser.send("GET", "/session");
  expect(json["expiresAt"]).toBe("2026-11-21T21:10:00.000Z");
  expect(browser.cookie).not.toBe(first);
});

test("however much it is used, a session ends after seven days", async () => {
  await using given = await startWithToken();
  const { browser, clock } = given;
  await browser.signIn(token);
  for (let past = 0; past < 7 * 24 * hour; past += 8 * hour) {
    expect(await isIn(browser)).toBe(true);
    await clock.advance(8 * hour);
  }
  expect(await isIn(browser)).toBe(false);
});

test("signing out ends this session, every copy of its cookie, and no other session", async () => {
  await using given = await startWithToken();
  const { browser, clock, server } = given;
  await browser.signIn(token);
  const copy = createBrowser(server);
  copy.cookie = browser.cookie;
  await clock.advance(hour);
  await browser.query(whoAmI);
  const colleague = createBrowser(server);
  await colleague.signIn(token);

  const { status, json, headers } = await browser.send("DELETE", "/session");
  expect(status).toBe(200);
  expect(json).toEqual({ signedIn: false, needsToken: true, expiresAt: null });
  expect(headers["set-cookie"]).toEqual([
    expect.stringMatching(/^ecoman-\d+=; Path=\/; HttpOnly; SameSite=Strict; Max-Age=0$/),
  ]);
  expect(await isIn(browser)).toBe(false);
  expect(await isIn(copy)).toBe(false);
  expect(await copy.openSocket()).toBe(4403);
  expect((await copy.send("GET", "/session")).json["signedIn"]).toBe(false);
  expect(await isIn(colleague)).toBe(true);
  expect((await browser.send("DELETE", "/session")).status).toBe(200);
});

test.each(["PUT", "PATCH", "OPTIONS", "HEAD"])("%s of the session is refused", async (method) => {
  await using given = await startWithToken();
  const { status, headers } = await given.browser.send(method, "/session");
  expect(status).toBe(405);
  expect(headers.allow).toBe("GET, POST, DELETE");
});
