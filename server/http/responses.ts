/** Answers that need no GraphQL. */
import type { ServerResponse } from "node:http";
import { type ErrorCode, httpStatusOf } from "../errors.ts";

export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
}

export function sendHtml(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, { "content-type": "text/html; charset=utf-8" });
  response.end(html);
}

export function sendJson(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(value));
}

/** A refusal before GraphQL, in GraphQL's form, so that clients need one way to read errors. */
export function sendRefusal(
  response: ServerResponse,
  refusal: { code: ErrorCode; message: string; status?: number },
): void {
  const { code, message, status = httpStatusOf(code) } = refusal;
  sendJson(response, status, { errors: [{ message, extensions: { code } }] });
}

/** On every answer. A page that needs more replaces the policy with its own. */
export function setSecurityHeaders(response: ServerResponse, secure: boolean): void {
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("x-frame-options", "DENY");
  response.setHeader("referrer-policy", "no-referrer");
  response.setHeader("cross-origin-opener-policy", "same-origin");
  response.setHeader("cross-origin-resource-policy", "same-origin");
  response.setHeader("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
  response.setHeader("cache-control", "no-store");
  if (secure) response.setHeader("strict-transport-security", "max-age=31536000");
}
