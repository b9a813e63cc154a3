/** What a real browser makes of the session's cookie and of the page's content security policy. */
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chromiumMissing, launchChromium } from "./harness/chromium.ts";
import { type SimulatedApp, startSimulatedApp } from "./harness/simulated-app.ts";
import { until } from "./harness/until.ts";

const missing = chromiumMissing();
const token = "a-token-of-32-characters-or-more";

/** Stands in for the web client: its script only offers what the tests call. */
const page = `<!doctype html><html lang="en"><title>ECoMan</title>
<script>document.documentElement.dataset.inline = "ran"</script>
<body style="color: rgb(1, 2, 3)"><script type="module" src="/assets/page-1.js"></script></html>`;
const script = `
window.signIn = (token) => fetch("/session", {
  method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ token }),
}).then((response) => response.status);
window.follow = (url) => new Promise((resolve) => {
  const socket = new WebSocket(url, "graphql-transport-ws");
  socket.onopen = () => socket.send('{"type":"connection_init"}');
  socket.onmessage = () => resolve("let in");
  socket.onclose = ({ code }) => { window.closedWith = code; resolve(code); };
});
window.ask = (url) => fetch(url, {
  method: "POST", credentials: "include", headers: { "content-type": "application/json" },
  body: JSON.stringify({ query: "{ viewer { signedInBy } }" }),
}).then((response) => response.text(), String);
window.loaded = true;
`;

interface Offered {
  signIn(token: string): Promise<number>;
  follow(url: string): Promise<"let in" | number>;
  ask(url: string): Promise<string>;
  loaded?: boolean;
  closedWith?: number;
}
declare const window: Offered;

let folder: string;
let simulated: SimulatedApp;
let browser: Browser;

beforeAll(async () => {
  if (missing !== undefined) return;
  folder = await mkdtemp(join(tmpdir(), "ecoman-browser-"));
  await mkdir(join(folder, "assets"));
  await writeFile(join(folder, "index.html"), page);
  await writeFile(join(folder, "assets/page-1.js"), script);
  simulated = await startSimulatedApp({ hosts: 1, vmsPerHost: 2, clientFolder: folder, env: { ECOMAN_TOKEN: token } });
  browser = await launchChromium();
});
afterAll(async () => {
  if (missing !== undefined) return;
  await browser.close();
  await simulated[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** In a browser profile of its own. */
async function open(url: string): Promise<Page> {
  const opened = await (await browser.newContext()).newPage();
  await opened.goto(url);
  await opened.waitForFunction(() => window.loaded);
  return opened;
}

const socketUrl = () => `${simulated.url.replace("http", "ws")}/graphql`;

test.skipIf(missing)(
  `Chromium keeps the session out of reach of scripts and uses it on every transport (${missing ?? "as a page does"})`,
  async () => {
    const opened = await open(`${simulated.url}/vms/some-vm`);
    expect(await opened.evaluate((url) => window.follow(url), socketUrl())).toBe(4403);
    expect(await opened.evaluate((wrong) => window.signIn(wrong), `${token}x`)).toBe(401);
    expect(await opened.evaluate((right) => window.signIn(right), token)).toBe(200);
    expect(await opened.evaluate("document.cookie")).toBe("");
    const [cookie] = await opened.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Strict", path: "/", domain: "127.0.0.1" });
    expect(await opened.evaluate(() => window.ask("/graphql"))).toBe('{"data":{"viewer":{"signedInBy":"SESSION"}}}');

    expect(await opened.evaluate((url) => window.follow(url), socketUrl())).toBe("let in");
    const signedOutAt = performance.now();
    await opened.evaluate("fetch('/session', { method: 'DELETE' })");
    await opened.waitForFunction(() => window.closedWith === 4401);
    expect(performance.now() - signedOutAt).toBeLessThan(2_000);
    expect(await opened.context().cookies()).toEqual([]);
  },
);

test.skipIf(missing)(
  `Chromium holds the page to its policy (${missing ?? "no inline script, no style, no other server"})`,
  async () => {
    const opened = await open(simulated.url);
    expect(await opened.evaluate("document.documentElement.dataset.inline ?? null")).toBeNull();
    expect(await opened.evaluate("getComputedStyle(document.body).color")).toBe("rgb(0, 0, 0)");
    expect(await opened.evaluate(() => window.ask("http://127.0.0.1:1/graphql"))).toContain("Failed to fetch");
    const violations = await opened.evaluate(`new Promise((resolve) => {
    const seen = [];
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => seen.push(effectiveDirective));
    const script = document.createElement("script");
    script.textContent = "document.documentElement.dataset.inline = 'ran'";
    document.body.append(script);
    const image = new Image();
    image.src = "http://127.0.0.1:1/x.png";
    document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='1'>");
    fetch("http://127.0.0.1:1/").catch(() => setTimeout(() => resolve(seen), 200));
  })`);
    for (const directive of ["script-src-elem", "img-src", "script-src-attr", "connect-src"]) {
      expect(violations).toContain(directive);
    }
  },
);

test.skipIf(missing)(
  `a page of another port of the same machine gets nothing with the cookie (${missing ?? "in Chromium"})`,
  async () => {
    const evil = createServer((request, response) => {
      const isScript = request.url?.endsWith(".js");
      response.writeHead(200, { "content-type": isScript ? "text/javascript" : "text/html" });
      response.end(isScript ? script : page);
    }).listen(0, "127.0.0.1");
    await once(evil, "listening");
    try {
      const opened = await open(simulated.url);
      await opened.evaluate((right) => window.signIn(right), token);
      await opened.goto(`http://127.0.0.1:${(evil.address() as AddressInfo).port}/`);
      await opened.waitForFunction(() => window.loaded);
      expect(await opened.evaluate((url) => window.ask(url), `${simulated.url}/graphql`)).toContain("Failed to fetch");
      expect(await opened.evaluate((url) => window.follow(url), socketUrl())).toBe(1006);
      const refused = () =>
        opened.evaluate(
          `fetch("${simulated.url}/session", { method: "DELETE", credentials: "include" }).then(() => "read", String)`,
        );
      expect(await refused()).toContain("Failed to fetch");
      await opened.goto(simulated.url);
      await until(() => opened.evaluate(() => window.loaded));
      expect(await opened.evaluate(() => window.ask("/graphql"))).toContain("SESSION");
    } finally {
      evil.closeAllConnections();
      evil.close();
    }
  },
);
