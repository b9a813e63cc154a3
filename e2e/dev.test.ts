/** `npm run dev`: one command for the demo's server and for the web client with hot reload before it. */
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot, start } from "./harness/commands.ts";
import { query, subscribeWs } from "./harness/graphql.ts";
import { until } from "./harness/until.ts";

const missing = existsSync(join(projectRoot, "client/index.html")) ? undefined : "there is no client";

test.skipIf(missing)(
  `the page comes with hot reload, the API from the demo, and one signal ends both (${missing ?? "vite"})`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "ecoman-dev-"));
    await using closing = new AsyncDisposableStack();
    closing.defer(() => rm(folder, { recursive: true, force: true }));
    const port = await freePort();
    const dev = start(`exec '${process.execPath}' scripts/dev.ts`, { DATA_DIR: folder, PORT: String(port) });
    closing.defer(() => dev.signal("SIGKILL"));
    await until(() => dev.text.includes("Ctrl-C ends it."), { withinMs: 60_000, what: "the demo's page" });
    const url = /^ {2}(http:\S+)\/$/m.exec(dev.text)?.[1] ?? "";
    expect(url).not.toContain(`:${port}`);

    for (const path of ["/", "/vms/some-vm"]) {
      expect(await (await fetch(`${url}${path}`, { headers: { accept: "text/html" } })).text()).toContain(
        "/@vite/client",
      );
    }
    expect(await (await fetch(`${url}/session`, { headers: { origin: url } })).json()).toMatchObject({
      signedIn: true,
    });
    expect(await query(url, "{ serverInfo { nodeCount } }")).toEqual({ serverInfo: { nodeCount: 6 } });
    const heard: unknown[] = [];
    const line = subscribeWs(url, { query: "subscription { vmsChanged { revision } }" }, (data) => heard.push(data));
    await until(() => heard.length > 0, { what: "the first revision over WebSocket" });
    line.cut();

    dev.signal("SIGINT");
    await dev.ended;
    for (const address of [url, `http://127.0.0.1:${port}`])
      await expect(fetch(address)).rejects.toThrow("fetch failed");
  },
  90_000,
);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
