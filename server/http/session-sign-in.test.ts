import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createManualClock } from "../crawler/testing/manual-clock.ts";
import { createBrowser } from "./test-browser.ts";
import { secretOf, startServer } from "./testing.ts";

const token = "a-token-of-32-characters-or-more";
const json = { "content-type": "application/json" };

async function startWithToken() {
  const clock = createManualClock();
  const lines: string[] = [];
  const write = (fields: object, message: string) => void lines.push(JSON.stringify({ ...fields, message }));
  const log = { debug: write, info: write, warn: write, error: write };
  const server = await startServer({
    token: secretOf(token),
    clock,
    log,
    allowedHosts: ["ecoman.lan", "proxy.lan:8443"],
  });
  const browser = createBrowser(server);
  return { server, clock, browser, lines, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

test.each([["wrong"], [`${token}x`], [token.slice(1)], [token.toUpperCase()], [""], ["x".repeat(3_000)]])(
  "the token %j is refused, and told to the log without it",
  async (wrong) => {
    await using given = await startWithToken();
    const { status, json: answer, headers } = await given.browser.signIn(wrong);
    expect(status).toBe(401);
    expect(answer).toEqual({
      errors: [{ message: "This is not the server's token.", extensions: { code: "UNAUTHENTICATED" } }],
    });
    expect(headers["set-cookie"]).toBeUndefined();
    expect(given.lines).toEqual([
      JSON.stringify({ address: "127.0.0.1", message: "Somebody tried to sign in with a wrong token" }),
    ]);
  },
);

/** [what, its content type, the body] */
const noSignIns: readonly (readonly [string, string | undefined, string])[] = [
  ["no JSON", "application/json", `token=${token}`],
  ["nothing", "application/json", ""],
  ["another thing", "application/json", JSON.stringify([token])],
  ["null", "application/json", "null"],
  ["an object as the token", "application/json", '{"token":{"$ne":1}}'],
  ["a list as the token", "application/json", JSON.stringify({ token: [token] })],
  ["no token", "application/json", '{"tokens":"x"}'],
  ["too much", "application/json", JSON.stringify({ token, more: "x".repeat(100_000) })],
  ["a form", "application/x-www-form-urlencoded", `token=${token}`],
  ["a form of plain text", "text/plain", JSON.stringify({ token })],
  ["no type", undefined, JSON.stringify({ token })],
];

test.each(noSignIns)("%s is refused before it is compared", async (_name, type, body) => {
  await using given = await startWithToken();
  const headers: Record<string, string> = type === undefined ? {} : { "content-type": type };
  const reply = await given.browser.send("POST", "/session", { headers, body });
  expect(reply.status).toBe(type === "application/json" ? 400 : 415);
  expect(reply.json).toMatchObject({ errors: [{ extensions: { code: "INVALID_INPUT" } }] });
  expect(reply.headers["set-cookie"]).toBeUndefined();
  expect(given.lines).toEqual([]);
});

test("wrong tokens from one address are limited, and nobody else and no program suffers from it", async () => {
  await using given = await startWithToken();
  const { browser, clock, server } = given;
  const signedInBefore = createBrowser(server);
  await signedInBefore.signIn(token);
  for (let count = 0; count < 10; count += 1) expect((await browser.signIn(`wrong ${count}`)).status).toBe(401);
  const limited = await browser.signIn(token);
  expect(limited.status).toBe(429);
  expect(limited.headers["retry-after"]).toBe("6");
  expect(limited.json).toMatchObject({ errors: [{ extensions: { code: "LIMIT_EXCEEDED" } }] });
  expect(limited.headers["set-cookie"]).toBeUndefined();

  expect((await createBrowser(server).signIn(token, { localAddress: "127.0.0.2" })).status).toBe(200);
  expect((await signedInBefore.query("{ viewer { name } }")).status).toBe(200);
  expect((await browser.query("{ viewer { name } }", { authorization: `Bearer ${token}` })).status).toBe(200);

  await clock.advance(6_000);
  expect((await browser.signIn("wrong again")).status).toBe(401);
  expect((await browser.signIn("wrong once more")).status).toBe(429);
  await clock.advance(60_000);
  for (let count = 0; count < 10; count += 1) expect((await browser.signIn(`wrong ${count}`)).status).toBe(401);
  expect((await browser.signIn("wrong")).status).toBe(429);
});

test("wrong tokens from many addresses are limited all together", async () => {
  await using given = await startWithToken();
  const { browser, clock } = given;
  const from = (host: number) => ({ localAddress: `127.0.1.${host}` });
  for (let count = 0; count < 60; count += 1) {
    expect((await browser.signIn("wrong", from(1 + Math.floor(count / 5)))).status).toBe(401);
  }
  const limited = await browser.signIn(token, from(99));
  expect(limited.status).toBe(429);
  expect(limited.headers["retry-after"]).toBe("1");
  await clock.advance(1_000);
  expect((await browser.signIn(token, from(99))).status).toBe(200);
});

test("who signs in is told to the log, without token and session", async () => {
  await using given = await startWithToken();
  await given.browser.signIn(token);
  expect(given.lines).toEqual([JSON.stringify({ address: "127.0.0.1", message: "Somebody signed in with the token" })]);
});

test("wrong tokens of programs are told to the log once a minute", async () => {
  await using given = await startWithToken();
  const { browser, clock, lines } = given;
  for (let count = 0; count < 5; count += 1)
    await browser.query("{ viewer { name } }", { authorization: "Bearer guess" });
  await browser.openSocket({ authorization: "Bearer guess" });
  expect(lines).toHaveLength(1);
  await clock.advance(60_000);
  await browser.openSocket({ authorization: "Bearer guess" });
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain('"count":6');
  expect(lines.join()).not.toContain("guess");
});

/** Pages of other sites, of another port of this machine, and of no site at all. */
const strangers = [
  "https://evil.example",
  "http://localhost:1",
  "http://127.0.0.1:1",
  "null",
  "http://evil.example:80",
];

test.each(strangers)("a page of %s gets nothing with the browser's cookie", async (origin) => {
  await using given = await startWithToken();
  const { browser } = given;
  await browser.signIn(token);
  const { cookie } = browser;
  for (const method of ["GET", "POST", "DELETE"]) {
    const reply = await browser.send(method, "/session", {
      headers: { origin, ...json },
      ...(method === "POST" && { body: JSON.stringify({ token }) }),
    });
    expect(reply.status).toBe(403);
    expect(reply.headers["set-cookie"]).toBeUndefined();
    expect(reply.headers["access-control-allow-origin"]).toBeUndefined();
  }
  for (const accept of ["application/json", "text/event-stream"]) {
    expect((await browser.query("{ viewer { name } }", { origin, accept })).status).toBe(403);
  }
  expect(await browser.openSocket({}, { origin })).toBe(403);
  expect(browser.cookie).toBe(cookie);
  expect((await browser.query("{ viewer { name } }")).status).toBe(200);
});

test("a form of any page can't use the cookie, from wherever it claims to come", async () => {
  await using given = await startWithToken();
  const { browser, server } = given;
  await browser.signIn(token);
  for (const type of ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"]) {
    const body = '{"query":"mutation { refreshNode(name: \\"alpha\\") { task { id } } }"}';
    const { status } = await browser.send("POST", "/graphql", { headers: { "content-type": type }, body });
    expect(status).toBe(415);
  }
  expect(server.world.requests).toEqual([]);
});

/** [Host, Origin, is the cookie Secure] */
const places: readonly (readonly [string, string, boolean])[] = [
  ["127.0.0.1:PORT", "http://127.0.0.1:PORT", false],
  ["localhost:PORT", "http://localhost:PORT", false],
  ["[::1]:PORT", "http://[::1]:PORT", false],
  ["ecoman.lan", "https://ecoman.lan", true],
  ["proxy.lan:8443", "https://proxy.lan:8443", true],
  ["localhost:PORT", "https://proxy.lan:8443", true],
];

test.each(places)("signed in at %s from a page of %s: Secure is %s", async (host, origin, secure) => {
  await using given = await startWithToken();
  const { browser, clock, server } = given;
  const { port } = new URL(server.origin);
  const headers = { host: host.replace("PORT", port), origin: origin.replace("PORT", port) };
  const signedIn = await browser.signIn(token, { headers });
  expect(signedIn.status).toBe(200);
  expect(signedIn.headers["set-cookie"]?.[0]?.includes("; Secure")).toBe(secure);
  // A browser's GET names no origin; the proxy tells.
  await clock.advance(3_600_000);
  const proxy: Record<string, string> = secure ? { "x-forwarded-proto": "https" } : {};
  const renewed = await browser.send("GET", "/session", {
    headers: { host: headers.host, origin: undefined, ...proxy },
  });
  expect(renewed.headers["set-cookie"]?.[0]?.includes("; Secure")).toBe(secure);
});

test("nobody is signed in over plain HTTP from elsewhere, and is told what to do", async () => {
  await using given = await startWithToken();
  const headers = { host: "ecoman.lan", origin: "http://ecoman.lan" };
  const reply = await given.browser.signIn(token, { headers });
  expect(reply.status).toBe(403);
  expect(reply.text).toContain("Come by HTTPS (TLS_CERT and TLS_KEY, or a proxy), or through an SSH tunnel");
  expect(reply.headers["set-cookie"]).toBeUndefined();
});

test("with the server's own TLS the cookie is Secure on loopback too, and good on WebSocket", async ({ skip }) => {
  const folder = mkdtempSync(join(tmpdir(), "ecoman-tls-"));
  const files = { key: join(folder, "a.key"), cert: join(folder, "a.crt") };
  try {
    const args = [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-subj",
      "/CN=localhost",
    ];
    execFileSync("openssl", [...args, "-keyout", files.key, "-out", files.cert], { stdio: "ignore" });
    const tls = { key: readFileSync(files.key), cert: readFileSync(files.cert) };
    await using server = await startServer({ token: secretOf(token), tls });
    const browser = createBrowser({ origin: server.origin.replace("http:", "https:") });
    const { headers } = await browser.signIn(token);
    expect(headers["set-cookie"]?.[0]).toMatch(/; HttpOnly; SameSite=Strict; Secure; Max-Age=\d+$/);
    expect((await browser.query("{ viewer { name } }")).status).toBe(200);
    expect(await browser.openSocket()).not.toBeTypeOf("number");
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "ENOENT") throw thrown;
    skip("openssl is not installed");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
