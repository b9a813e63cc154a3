/** The GraphiQL page, complete in itself: it works on a network without the internet. */
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { readExamples } from "./examples.ts";

interface Page {
  readonly html: Buffer;
  readonly compressed: Buffer;
  readonly policy: string;
}

/** More tabs than these do not fit on a screen; the other examples are in docs/api.md. */
const tabCount = 10;

/** The page has 9 MB: it is made when somebody first asks for it. */
export function createGraphiqlPage(): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  let page: Promise<Page> | undefined;
  return async (request, response) => {
    page ??= makePage();
    const { html, compressed, policy } = await page;
    const zipped = /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
    response.setHeader("content-security-policy", policy);
    response.setHeader("vary", "accept, accept-encoding");
    if (zipped) response.setHeader("content-encoding", "gzip");
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(zipped ? compressed : html);
  };
}

async function makePage(): Promise<Page> {
  const { renderGraphiQL } = await import("@graphql-yoga/render-graphiql");
  const text = renderGraphiQL({
    title: "ECoMan",
    endpoint: "/graphql",
    // Unlike a WebSocket, SSE carries the Authorization header given in the headers tab.
    subscriptionsProtocol: "SSE",
    // It would stream by GET otherwise, which this server refuses.
    method: "POST",
    defaultEditorToolsVisibility: true,
    defaultTabs: readExamples()
      .slice(0, tabCount)
      .map(({ query, variables }) => ({ query, variables })),
  });
  // It has the height of the window and a margin around it, and so bars to scroll by.
  const html = Buffer.from(text.trim().replace("</head>", "<style>body { margin: 0; }</style></head>"));
  return { html, compressed: await promisify(gzip)(html), policy: policyFor(text) };
}

/** Exactly the page's own scripts may run, and they may talk to this server only. */
function policyFor(html: string): string {
  const hashes = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    ([, script = ""]) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`,
  );
  return [
    "default-src 'none'",
    `script-src ${hashes.join(" ")} blob:`,
    "worker-src blob:",
    "style-src 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
