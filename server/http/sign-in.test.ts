import { request } from "node:http";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { secretOf, startServer, type TestServer } from "./testing.ts";

const token = "a-token-of-32-characters-or-more";

describe("with a token", () => {
  test.each([
    ["nothing", undefined],
    ["the token alone", token],
    ["another token", "Bearer wrong"],
    ["a longer one", `Bearer ${token}x`],
    ["two", `Bearer ${token} ${token}`],
    ["another scheme", `Basic ${token}`],
    ["an empty one", "Bearer "],
    ["an endless one", `Bearer ${"x".repeat(5000)}`],
  ])("%s is refused with 401 on HTTP and SSE, and with 4403 on WebSocket", async (_name, authorization) => {
    await using server = await startServer({ token: secretOf(token) });
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    for (const accept of ["application/json", "text/event-stream"]) {
      const { status, errors } = await server.post("{ viewer { name } }", {}, { ...headers, accept });
      expect(status).toBe(401);
      expect(errors).toMatchObject([{ extensions: { code: "UNAUTHENTICATED" } }]);
    }
    expect(await closeCode(server, { authorization })).toBe(4403);
  });

  test.each([[{}], [{ authorization: {} }], [{ authorization: { $ne: 1 } }], [{ authorization: [`Bearer ${token}`] }]])(
    "a WebSocket that presents %j is closed with 4403",
    async (connectionParams) => {
      await using server = await startServer({ token: secretOf(token) });
      expect(await closeCode(server, connectionParams)).toBe(4403);
    },
  );

  test("who subscribes before signing in is closed with 4401", async () => {
    await using server = await startServer({ token: secretOf(token) });
    const socket = new WebSocket(server.socketUrl, "graphql-transport-ws");
    const payload = { query: "{ viewer { name } }" };
    socket.on("open", () => socket.send(JSON.stringify({ type: "subscribe", id: "1", payload })));
    expect(await new Promise((resolve) => socket.on("close", resolve))).toBe(4401);
  });

  test("the token lets in on every transport", async () => {
    await using server = await startServer({ token: secretOf(token) });
    const authorization = `Bearer ${token}`;
    const query = "{ viewer { name signedInBy } }";
    const viewer = { name: "token", signedInBy: "TOKEN" };
    expect((await server.post(query, {}, { authorization })).data).toEqual({ viewer });
    const events = await fetch(`${server.origin}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "text/event-stream", authorization },
      body: JSON.stringify({ query }),
    });
    expect(await events.text()).toContain(JSON.stringify({ viewer }));
    const result = await server.client({ authorization }).iterate({ query }).next();
    expect(result.value).toEqual({ data: { viewer } });
  });

  test("probes, the schema and the GraphiQL page need none", async () => {
    await using server = await startServer({ token: secretOf(token) });
    for (const path of ["/healthz", "/readyz", "/schema.graphql"]) {
      expect((await fetch(`${server.origin}${path}`)).status).toBe(200);
    }
    expect((await fetch(`${server.origin}/graphql`, { headers: { accept: "text/html" } })).status).toBe(200);
  });
});

function closeCode(server: TestServer, payload: object): Promise<number> {
  const socket = new WebSocket(server.socketUrl, "graphql-transport-ws");
  socket.on("open", () => socket.send(JSON.stringify({ type: "connection_init", payload })));
  return new Promise((resolve) => socket.on("close", resolve));
}

/** [Host, Origin, passes]; PORT stands for the server's own. */
const addresses: readonly (readonly [host: string, origin: string | undefined, passes: boolean])[] = [
  ["127.0.0.1:PORT", undefined, true],
  ["localhost:PORT", undefined, true],
  ["LOCALHOST:PORT", "http://localhost:PORT", true],
  ["[::1]:PORT", "http://[::1]:PORT", true],
  ["127.8.9.1:PORT", undefined, true],
  ["localhost:1", undefined, false],
  ["localhost", undefined, false],
  ["evil.example:PORT", undefined, false],
  ["evil.example:PORT", "http://evil.example:PORT", false],
  ["127.0.0.1.evil.example:PORT", undefined, false],
  ["localhost.evil.example:PORT", undefined, false],
  ["127.0.0.1:PORT@evil.example", undefined, false],
  ["localhost:PORT", "http://evil.example", false],
  ["localhost:PORT", "http://localhost:1", false],
  ["localhost:PORT", "null", false],
  ["localhost:PORT", "file://", false],
  ["localhost:PORT", "http://evil.example@localhost", false],
  ["ecoman.lan", undefined, true],
  ["ecoman.lan:80", "http://ecoman.lan", true],
  ["ecoman.lan", "https://ecoman.lan", true],
  ["ecoman.lan.", undefined, true],
  ["ecoman.lan:81", undefined, false],
  ["proxy.lan:8443", "https://proxy.lan:8443", true],
  ["localhost:PORT", "https://proxy.lan:8443", true],
];

test.each(addresses)(
  "Host %j with Origin %j: %s, the same on HTTP, SSE and WebSocket",
  async (host, origin, passes) => {
    await using server = await startServer({ allowedHosts: ["ecoman.lan", "proxy.lan:8443"] });
    const { port } = new URL(server.origin);
    const headers = {
      host: host.replace("PORT", port),
      ...(origin !== undefined && { origin: origin.replace("PORT", port) }),
    };
    for (const accept of ["application/json", "text/event-stream"]) {
      expect(await statusOf(server, "/graphql", { ...headers, accept })).toBe(passes ? 200 : 403);
    }
    expect(await statusOf(server, "/schema.graphql", headers, "GET")).toBe(passes ? 200 : 403);
    expect(await statusOf(server, "/healthz", headers, "GET")).toBe(200);
    const upgrade = { connection: "upgrade", upgrade: "websocket", "sec-websocket-version": "13" };
    const key = { "sec-websocket-key": Buffer.from("0123456789abcdef").toString("base64") };
    const protocol = { "sec-websocket-protocol": "graphql-transport-ws" };
    expect(await statusOf(server, "/graphql", { ...headers, ...upgrade, ...key, ...protocol }, "GET")).toBe(
      passes ? 101 : 403,
    );
  },
);

test("a WebSocket elsewhere than at /graphql is not found", async () => {
  await using server = await startServer();
  const socket = new WebSocket(server.socketUrl.replace("/graphql", "/other"), "graphql-transport-ws");
  const error = await new Promise<Error>((resolve) => socket.on("error", resolve));
  expect(error.message).toContain("404");
});

/** By node:http, because fetch does not let a Host be chosen. */
function statusOf(
  server: TestServer,
  path: string,
  ...[headers, method = "POST"]: [headers: Record<string, string>, method?: string]
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(`${server.origin}${path}`, {
      method,
      headers: { ...headers, ...(method === "POST" && { "content-type": "application/json" }) },
      agent: false,
    });
    sent.on("response", (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on("upgrade", (response, socket) => {
      socket.destroy();
      resolve(response.statusCode);
    });
    sent.on("error", reject);
    sent.end(method === "POST" ? JSON.stringify({ query: "{ viewer { name } }" }) : undefined);
  });
}
