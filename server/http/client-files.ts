/** The web client's files, as its build left them: the page under each of its own paths, and what the page loads. */
import { existsSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import sirv from "sirv";
import { sendHtml, sendText } from "./responses.ts";

/** Answers a request for a file or a page of the client; `otherwise` is called where it is none. */
export type ClientFiles = (request: IncomingMessage, response: ServerResponse, otherwise: () => void) => void;

/** Which paths the client itself turns into a view. Names of nodes may hold dots. */
const pagePath = /^\/(?:vms(?:\/[^/]+)?|nodes(?:\/[^/]+)?|create|tasks|sign-in)?\/?$/;
/** The build puts a hash of the content into these names. */
const hashedPath = /^\/assets\//;

const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The folder may be built anew, or for the first time, while the server runs. */
export function createClientFiles(folder: string): ClientFiles {
  // `dev`: looks at the disk each time. What it would remember otherwise is gone after the next build.
  const options = { dev: true, etag: true, brotli: true, gzip: true, extensions: ["html"] };
  const files = sirv(folder, options);
  const page = sirv(folder, { ...options, single: true, ignores: false });

  return (request, response, otherwise) => {
    const [path = ""] = (request.url ?? "").split("?", 1);
    const isPage = pagePath.test(path);
    if (request.method !== "GET" && request.method !== "HEAD") {
      if (!isPage) return otherwise();
      response.setHeader("allow", "GET, HEAD");
      return sendText(response, 405, "Pages are read by GET.");
    }
    if (isPage && !existsSync(join(folder, "index.html"))) return sendHtml(response, 503, notBuilt);
    // The files are small, and nobody is to be answered from the middle of one that was built anew.
    delete request.headers.range;
    response.once("pipe", (file) => {
      // One that can't be read, or vanished in a build just now, would end the process otherwise.
      file.once("error", () => response.destroy());
      // One that grew in a build just now would spill over into the next answer. A file stream heeds its `end` at each read.
      Object.assign(file, { end: Number(response.getHeader("content-length") ?? Number.POSITIVE_INFINITY) - 1 });
    });
    const policy = response.getHeader("content-security-policy");
    // Set before the file is found, because an answer without the file (304) has to carry them too.
    response.setHeader("content-security-policy", pagePolicy);
    response.setHeader("cache-control", hashedPath.test(path) ? "public, max-age=31536000, immutable" : "no-cache");
    (isPage ? page : files)(request, response, () => {
      response.setHeader("cache-control", "no-store");
      if (policy !== undefined) response.setHeader("content-security-policy", policy);
      otherwise();
    });
  };
}

const notBuilt = `<!doctype html>
<html lang="en">
<title>ECoMan</title>
<p>The web client is not built yet: run <code>npm run build</code> in ECoMan's folder and load this page again.
<p>The API is there all the same, with GraphiQL in the browser: <a href="/graphql">/graphql</a>.
</html>`;
