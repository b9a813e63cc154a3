/** The cookie that holds a browser's session. */
import type { IncomingMessage } from "node:http";
import type { Issued } from "../auth/sessions.ts";

/** The session's text, as the browser sent it. */
export function sessionTextIn(request: IncomingMessage): string | undefined {
  const name = `${nameFor(request)}=`;
  const cookies = (request.headers.cookie ?? "").split(";").map((cookie) => cookie.trim());
  return cookies.find((cookie) => cookie.startsWith(name))?.slice(name.length);
}

/** `set-cookie` that keeps the session as long as it lasts. */
export function cookieOf(request: IncomingMessage, { text, lastsSeconds }: Issued): string {
  return `${nameFor(request)}=${text}; ${attributes(request)}; Max-Age=${lastsSeconds}`;
}

/** `set-cookie` that makes the browser forget it. */
export function noCookie(request: IncomingMessage): string {
  return `${nameFor(request)}=; ${attributes(request)}; Max-Age=0`;
}

/** Is the page one of plain HTTP beyond this machine? Its browser would not keep a Secure cookie. */
export function travelsInClear({ headers }: IncomingMessage): boolean {
  const [scheme, host] = (headers.origin ?? "").split("://");
  return scheme === "http" && !isLoopback(host);
}

/** Everywhere but on plain loopback. */
function mustBeSecure({ headers, socket }: IncomingMessage): boolean {
  // A proxy that ends TLS may address us as localhost. Whoever lies about it only gets a safer cookie.
  const isHttps = headers.origin?.startsWith("https:") === true || headers["x-forwarded-proto"] === "https";
  return "encrypted" in socket || isHttps || !isLoopback(headers.host);
}

function attributes(request: IncomingMessage): string {
  return `Path=/; HttpOnly; SameSite=Strict${mustBeSecure(request) ? "; Secure" : ""}`;
}

/** Browsers keep one jar for all ports of a host: by the port in the name two servers there do not sign each other out. */
function nameFor(request: IncomingMessage): string {
  const port = /:(\d+)$/.exec(request.headers.host ?? "")?.[1];
  return port === undefined ? "ecoman" : `ecoman-${port}`;
}

function isLoopback(host = ""): boolean {
  return /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])\.?(:\d+)?$/i.test(host);
}
