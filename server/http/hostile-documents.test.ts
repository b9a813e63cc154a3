import { getIntrospectionQuery } from "graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { startServer, type TestServer } from "./testing.ts";

const repeat = (text: string, count: number): string =>
  Array.from({ length: count }, (_, n) => text.replaceAll("#", `${n}`)).join(" ");
const nested = (open: string, close: string, depth: number): string => open.repeat(depth) + close.repeat(depth);
/** Each fragment spreads the next one twice: 2^n when unrolled. */
const doubling = (n: number): string =>
  `query { viewer { ...f0 } } ${Array.from({ length: n }, (_, i) => `fragment f${i} on Viewer { ...f${i + 1} ...f${i + 1} }`).join(" ")} fragment f${n} on Viewer { name }`;

const documents: readonly (readonly [name: string, query: string, code: string, variables?: string])[] = [
  ["garbage", "}{", "GRAPHQL_PARSE_FAILED"],
  ["an unfinished document", "query { viewer {", "GRAPHQL_PARSE_FAILED"],
  ["nothing", "", "GRAPHQL_PARSE_FAILED"],
  ["an unknown field", "{ nonsense }", "GRAPHQL_VALIDATION_FAILED"],
  [
    "a circle of fragments",
    "{ viewer { ...a } } fragment a on Viewer { ...b } fragment b on Viewer { ...a }",
    "GRAPHQL_VALIDATION_FAILED",
  ],
  [
    "introspection in circles",
    `{ __schema { types { ${"fields { type { ".repeat(5)} name ${"} }".repeat(5)} } } }`,
    "GRAPHQL_VALIDATION_FAILED",
  ],
  ["many tokens", `{ ${repeat("viewer { name }", 1000)} }`, "LIMIT_EXCEEDED"],
  ["the same field over and over", `{ viewer { ${repeat("name", 1900)} } }`, "GRAPHQL_VALIDATION_FAILED"],
  ["deep brackets", `{ vms(filter: ${nested("{ a: ", "}", 3000)}) { totalCount } }`, "LIMIT_EXCEEDED"],
  ["deep lists", `{ vms(filter: { ids: ${nested("[", "]", 20_000)} }) { totalCount } }`, "LIMIT_EXCEEDED"],
  ["deep braces", `{ ${nested("a {", "}", 60_000)} }`, "LIMIT_EXCEEDED"],
  [
    "deep fields",
    `{ node(name: "a") { ${"vms { nodes { node { ".repeat(8)} name ${"} } }".repeat(8)} } }`,
    "LIMIT_EXCEEDED",
  ],
  [
    "deep fields through fragments",
    `{ node(name: "a") { ...f0 } } ${Array.from({ length: 12 }, (_, n) => `fragment f${n} on Node { vms { nodes { node { ...f${n + 1} } } } }`).join(" ")} fragment f12 on Node { name }`,
    "LIMIT_EXCEEDED",
  ],
  ["many root fields", `{ ${repeat("a#: viewer { name }", 21)} }`, "LIMIT_EXCEEDED"],
  [
    "many root fields through a fragment",
    `{ ${repeat("...f", 30)} } fragment f on Query { viewer { name } }`,
    "LIMIT_EXCEEDED",
  ],
  [
    "many mutations",
    `mutation { ${repeat('a#: refreshNode(name: "a") { userErrors { code } }', 21)} }`,
    "LIMIT_EXCEEDED",
  ],
  ["many aliases", `{ viewer { ${repeat("a#: name", 101)} } }`, "LIMIT_EXCEEDED"],
  ["fragments that double", doubling(60), "LIMIT_EXCEEDED"],
  [
    "pages within pages",
    "{ vms(first: 1000) { nodes { node { vms(first: 1000) { nodes { name } } } } } }",
    "LIMIT_EXCEEDED",
  ],
  [
    "pages within pages by variables",
    "query ($n: Int) { vms(first: $n) { nodes { node { vms(first: $n) { nodes { name } } } } } }",
    "LIMIT_EXCEEDED",
    '{ "n": 1000 }',
  ],
  ["comments", `${"#\n".repeat(80_000)} { viewer { name } }`, ""],
  ["a wrong variable", "query ($n: Int!) { vms(first: $n) { totalCount } }", "INVALID_INPUT", '{ "n": "many" }'],
  ["a missing variable", "query ($n: Int!) { vms(first: $n) { totalCount } }", "INVALID_INPUT"],
  [
    "a variable nested deep",
    "query ($f: VmFilter) { vms(filter: $f) { totalCount } }",
    "INVALID_INPUT",
    `{ "f": ${nested("[", "]", 100_000)} }`,
  ],
  ["a page too large", "{ vms(first: 5000) { totalCount } }", "INVALID_INPUT"],
  ["an honest query", "{ viewer { name } }", ""],
  ["introspection", getIntrospectionQuery(), ""],
];

describe.each(documents)("%s", (...[, query, code, variables = "{}"]) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  /** Written by hand: what is nested that deep no serialiser writes. */
  const payload = `{ "query": ${JSON.stringify(query)}, "variables": ${variables} }`;

  function post(accept: string): Promise<Response> {
    const headers = { "content-type": "application/json", accept };
    return fetch(`${server.origin}/graphql`, { method: "POST", headers, body: payload });
  }

  test("over HTTP", async () => {
    const response = await post("application/graphql-response+json");
    expect(verdictOf(await response.text())).toBe(code);
    expect(response.status).toBe(code === "" ? 200 : code === "LIMIT_EXCEEDED" ? 413 : 400);
  });

  test("over SSE", async () => {
    const response = await post("text/event-stream");
    expect(verdictOf(/^data: (.+)$/m.exec(await response.text())?.[1])).toBe(code);
  });

  test("over WebSocket", async () => {
    const socket = new WebSocket(server.socketUrl, "graphql-transport-ws");
    socket.on("open", () => socket.send('{"type":"connection_init"}'));
    const answer = await new Promise<string>((resolve, reject) => {
      socket.on("close", (closeCode) => reject(new Error(`closed with ${closeCode}`)));
      socket.on("message", (data) => {
        const message = (data as Buffer).toString();
        if (message.includes("connection_ack")) socket.send(`{"type":"subscribe","id":"1","payload":${payload}}`);
        else resolve(message);
      });
    });
    socket.terminate();
    const { payload: result } = JSON.parse(answer) as { payload: unknown };
    expect(verdictOf(JSON.stringify(Array.isArray(result) ? { errors: result } : result))).toBe(code);
  });
});

/** The code of the first error; empty without one. */
function verdictOf(result: string | undefined): unknown {
  const { errors } = JSON.parse(result ?? "null") as { errors?: { extensions: Record<string, unknown> }[] };
  expect(errors?.[0]?.extensions ?? {}).not.toHaveProperty("http");
  return errors?.[0]?.extensions["code"] ?? "";
}

const large = `{ viewer { name } } ${"#".repeat(300 * 1024)}`;

test("a request of more bytes than allowed gets 413, with and without its length told", async () => {
  await using server = await startServer();
  const told = await server.post(large);
  expect(told).toMatchObject({ status: 413, errors: [{ extensions: { code: "LIMIT_EXCEEDED" } }] });
  const inPieces = {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: new Blob([JSON.stringify({ query: large })]).stream(),
    duplex: "half",
  };
  const untold = await fetch(`${server.origin}/graphql`, inPieces);
  expect(await untold.text()).toContain("LIMIT_EXCEEDED");
});

test("a WebSocket message of more bytes than allowed closes the socket with 1009", async () => {
  await using server = await startServer();
  const socket = new WebSocket(server.socketUrl, "graphql-transport-ws");
  const code = await new Promise((resolve) => {
    socket.on("open", () => socket.send(JSON.stringify({ type: "connection_init", payload: { large } })));
    socket.on("close", resolve);
    socket.on("error", () => undefined);
  });
  expect(code).toBe(1009);
});

test.each([
  ["a batch", '[{"query":"{ viewer { name } }"}]', "application/json", 400],
  ["text", "{ viewer { name } }", "text/plain", 415],
  ["a form", "query=%7B%20viewer%20%7B%20name%20%7D%20%7D", "application/x-www-form-urlencoded", 415],
  ["GraphQL by itself", "{ viewer { name } }", "application/graphql", 415],
  ["no JSON", "{ viewer", "application/json", 400],
  ["null", "null", "application/json", 400],
  ["another query than a text", '{"query":{"$ne":1}}', "application/json", 400],
  ["variables that are a list", '{"query":"{ viewer { name } }","variables":[1]}', "application/json", 400],
])("%s is refused", async (...[, body, type, status]) => {
  await using server = await startServer();
  const response = await fetch(`${server.origin}/graphql`, { method: "POST", headers: { "content-type": type }, body });
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: "INVALID_INPUT" } }] });
});

test("a query by GET, a multipart upload and a preflight are refused", async () => {
  await using server = await startServer();
  const get = await fetch(`${server.origin}/graphql?query={viewer{name}}`);
  expect(get.status).toBe(405);
  const form = new FormData();
  form.set("operations", JSON.stringify({ query: "{ viewer { name } }" }));
  const multipart = await fetch(`${server.origin}/graphql`, { method: "POST", body: form });
  expect(multipart.status).toBe(415);
  const preflight = await fetch(`${server.origin}/graphql`, { method: "OPTIONS" });
  expect(preflight.status).toBe(405);
  expect(preflight.headers.get("access-control-allow-origin")).toBeNull();
});
