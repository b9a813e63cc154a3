import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startServer, type TestServer, until } from "./testing.ts";

const page =
  '<!doctype html><html lang="en"><title>ECoMan</title><script type="module" src="/assets/a-1.js"></script></html>';
const script = "export const answer = 42; // ".padEnd(2_000, "x");

let outside: string;
let folder: string;
let server: TestServer;

beforeEach(async () => {
  outside = await mkdtemp(join(tmpdir(), "ecoman-client-"));
  folder = join(outside, "dist");
  await writeFile(join(outside, "secret.txt"), "not for the web");
  await writeFile(join(outside, "dist-secret.txt"), "neither");
  server = await startServer({ clientFolder: folder });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rm(outside, { recursive: true });
});

function build(
  files: Readonly<Record<string, string | Buffer>> = { "index.html": page, "assets/a-1.js": script },
): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

function get(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Response> {
  return fetch(`${server.origin}${path}`, { method, headers, redirect: "manual" });
}

const pagePaths = [
  "/",
  "/vms",
  "/vms/vm_1f2e",
  "/nodes",
  "/nodes/esx1.lab.example",
  "/nodes/a%20b",
  "/create",
  "/create?size=small",
  "/tasks",
  "/sign-in",
  "/vms/",
];

describe("the page", () => {
  test.each(pagePaths)("is at %s, always asked for anew, and may load from this server only", async (path) => {
    build();
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(page);
    const { headers } = response;
    expect(headers.get("content-type")).toBe("text/html;charset=utf-8");
    expect(headers.get("cache-control")).toBe("no-cache");
    expect(headers.get("etag")).toMatch(/^W\/"/);
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
        "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
  });

  test("is not sent again to who has it, until it was built anew", async () => {
    build();
    const first = await get("/vms");
    const etag = first.headers.get("etag") ?? "";
    // Read to its end before the file is another one.
    expect(await first.text()).toContain("a-1");
    const same = await get("/nodes", { "if-none-match": etag });
    expect(same.status).toBe(304);
    expect(same.headers.get("cache-control")).toBe("no-cache");
    expect(same.headers.get("content-security-policy")).toContain("script-src 'self'");
    build({ "index.html": page.replace("a-1", "a-2b"), "assets/a-2b.js": script });
    const next = await get("/vms", { "if-none-match": etag });
    expect(next.status).toBe(200);
    expect(await next.text()).toContain("a-2b");
    expect((await get("/assets/a-2b.js")).status).toBe(200);
  });

  test.each([
    "/graphql/x",
    "/vms/1/2",
    "/nodes/a/b",
    "/vmsx",
    "/api",
    "/schema",
    "/sign-in/x",
    "/favicon.ico",
    "/main.js",
    "/assets/missing.js",
    "/assets/",
    "/session/x",
    "/%",
    "/%00",
  ])("is not at %s", async (path) => {
    build();
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe("There is nothing here. The API is at /graphql.\n");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("content-security-policy")).toBe("default-src 'none'; frame-ancestors 'none'");
  });

  test("leaves the API's own paths alone, whatever files lie there", async () => {
    build({
      "index.html": page,
      graphql: "a file",
      "graphql.html": "a file",
      session: "a file",
      healthz: "a file",
      "schema.graphql": "a file",
    });
    expect(await (await get("/session")).json()).toMatchObject({ signedIn: true });
    expect(await (await get("/healthz")).text()).toBe("ok\n");
    expect(await (await get("/schema.graphql")).text()).toContain("type Query {");
    expect((await get("/graphql")).status).toBe(405);
    expect(await (await get("/graphql", { accept: "text/html" })).text()).toContain("GraphiQL");
  });

  test("is read only", async () => {
    build();
    const head = await get("/vms", {}, "HEAD");
    expect(head.status).toBe(200);
    expect(head.headers.get("content-length")).toBe(String(page.length));
    expect(await head.text()).toBe("");
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
      const refused = await get("/vms", {}, method);
      expect(refused.status).toBe(405);
      expect(refused.headers.get("allow")).toBe("GET, HEAD");
    }
    expect((await get("/assets/a-1.js", {}, "POST")).status).toBe(404);
  });

  test("is refused under a name that is not ours", async () => {
    build();
    expect((await get("/vms", { origin: "https://evil.example" })).status).toBe(403);
  });
});

describe("what the page loads", () => {
  test("is kept for good where its name has a hash, and asked for anew elsewhere", async () => {
    build({ "index.html": page, "assets/a-1.js": script, "favicon.svg": "<svg/>", "site.webmanifest": "{}" });
    const asset = await get("/assets/a-1.js");
    expect(await asset.text()).toBe(script);
    expect(asset.headers.get("content-type")).toBe("text/javascript");
    expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(asset.headers.get("x-content-type-options")).toBe("nosniff");
    expect((await get("/favicon.svg")).headers.get("cache-control")).toBe("no-cache");
    expect((await get("/favicon.svg")).headers.get("content-type")).toBe("image/svg+xml");
    expect((await get("/site.webmanifest")).headers.get("content-type")).toBe("application/manifest+json");
  });

  test("is sent compressed to who takes that", async () => {
    build();
    build({
      "assets/a-1.js.br": brotliCompressSync(script),
      "assets/a-1.js.gz": gzipSync(script),
      "index.html.gz": gzipSync(page),
    });
    const raw = await rawly(server, "/assets/a-1.js", "accept-encoding: gzip, br");
    expect(raw.head).toMatch(/content-encoding: br\r/i);
    expect(raw.head).toMatch(/content-type: text\/javascript\r/i);
    expect(raw.head).toMatch(/vary: accept-encoding\r/i);
    expect(brotliDecompressSync(raw.body).toString()).toBe(script);
    const older = await rawly(server, "/assets/a-1.js", "accept-encoding: gzip");
    expect(gunzipSync(older.body).toString()).toBe(script);
    expect(gunzipSync((await rawly(server, "/create", "accept-encoding: gzip")).body).toString()).toBe(page);
    const plain = await rawly(server, "/assets/a-1.js", "accept-encoding: identity");
    expect(plain.head).not.toMatch(/content-encoding/i);
    expect(plain.body.toString()).toBe(script);
  });

  test("is sent whole to who asks for a part of it", async () => {
    build();
    for (const range of ["bytes=0-9", "bytes=-5", "bytes=9-3", "bytes=99999-", "bytes=x"]) {
      const response = await get("/assets/a-1.js", { range });
      expect(response.status).toBe(200);
      expect(await response.text()).toBe(script);
    }
  });

  test("that is gone or can't be read ends that request, not the server", async () => {
    build();
    mkdirSync(join(folder, "assets/folder.js"));
    expect((await get("/assets/folder.js")).status).toBe(404);
    // A file that is there and that nobody can open.
    const unreadable = createServer().listen(join(folder, "assets/b-1.js"));
    await once(unreadable, "listening");
    await expect(get("/assets/b-1.js").then((response) => response.text())).rejects.toThrow();
    unreadable.close();
    await rm(folder, { recursive: true });
    expect((await get("/healthz")).status).toBe(200);
    expect((await get("/assets/a-1.js")).status).toBe(404);
  });
});

test.each([
  "/../secret.txt",
  "/..%2fsecret.txt",
  "/%2e%2e/secret.txt",
  "/%2e%2e%2fsecret.txt",
  "/assets/../../secret.txt",
  "/assets/%2e%2e/%2e%2e/secret.txt",
  "/..\\secret.txt",
  "/%2e%2e%5csecret.txt",
  "/../dist-secret.txt",
  "/.%2e/secret.txt",
  "//../secret.txt",
  "/vms/../../secret.txt",
  "http://127.0.0.1/../secret.txt",
  "../secret.txt",
  "/%252e%252e/secret.txt",
  "/etc/passwd",
  "//etc/passwd",
])("nothing outside of the folder is served by %s", async (path) => {
  build();
  const { head, body } = await rawly(server, path);
  expect(head).toMatch(/^HTTP\/1\.1 (404|400|200) /);
  if (head.startsWith("HTTP/1.1 200")) expect(body.toString()).toBe(page);
  else expect(body.toString()).not.toMatch(/not for the web|neither|root:/);
});

test("where nothing is built the page says how to build it and where the API is, until it is built", async () => {
  for (const path of ["/", "/vms"]) {
    const response = await get(path);
    expect(response.status).toBe(503);
    expect(response.headers.get("cache-control")).toBe("no-store");
    const text = await response.text();
    expect(text).toContain("<code>npm run build</code>");
    expect(text).toContain('<a href="/graphql">');
  }
  build();
  expect(await (await get("/")).text()).toBe(page);
});

/** By a bare line: fetch tidies paths up and unpacks what it gets. */
async function rawly({ origin }: TestServer, path: string, header?: string): Promise<{ head: string; body: Buffer }> {
  const { port } = new URL(origin);
  const line = connect(Number(port), "127.0.0.1");
  const chunks: Buffer[] = [];
  let ended = false;
  line.on("data", (chunk) => chunks.push(chunk)).on("close", () => (ended = true));
  const lines = [`GET ${path} HTTP/1.1`, `host: 127.0.0.1:${port}`, "connection: close", ...(header ? [header] : [])];
  line.write(`${lines.join("\r\n")}\r\n\r\n`);
  await until(() => ended);
  const all = Buffer.concat(chunks);
  const at = all.indexOf("\r\n\r\n");
  return { head: all.subarray(0, at + 2).toString(), body: all.subarray(at + 4) };
}
