/** Sign-in for browsers: the token is traded for a cookie that is good on HTTP, SSE and WebSocket alike. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Session } from "../auth/sessions.ts";
import type { SignIn } from "../auth/sign-in.ts";
import type { Route } from "./graphql-route.ts";
import { isJson, readJson } from "./json-body.ts";
import { sendJson, sendRefusal } from "./responses.ts";
import { cookieOf, noCookie, sessionTextIn, travelsInClear } from "./session-cookie.ts";

export const sessionPath = "/session";

/** What the page needs to know before it asks for anything. */
interface SessionState {
  readonly signedIn: boolean;
  /** False: the server has no token, everybody is in. */
  readonly needsToken: boolean;
  /** ISO 8601; null where nobody is signed in or no session is needed. */
  readonly expiresAt: string | null;
}

/** GET tells, POST of `{token}` signs in, DELETE signs out. `signIn` undefined: the server has no token. */
export function createSessionRoute(signIn: SignIn | undefined): Route {
  async function post(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isJson(request)) {
      const message = 'Send {"token": "…"} as application/json.';
      return sendRefusal(response, { code: "INVALID_INPUT", status: 415, message });
    }
    if (signIn === undefined) return sendState(response, undefined);
    if (travelsInClear(request)) return sendRefusal(response, { code: "FORBIDDEN", message: inClear });
    const body = await readJson(request, 4096);
    const attempt = signIn.attempt(body?.["token"], request.socket.remoteAddress ?? "");
    if (attempt.outcome === "signedIn") {
      response.setHeader("set-cookie", cookieOf(request, attempt.issued));
      return sendState(response, attempt.issued.session);
    }
    if (attempt.outcome === "tooMany") {
      response.setHeader("retry-after", attempt.waitSeconds);
      const message = `Too many wrong tokens. Try again in ${attempt.waitSeconds} s.`;
      return sendRefusal(response, { code: "LIMIT_EXCEEDED", status: 429, message });
    }
    sendRefusal(response, { code: "UNAUTHENTICATED", message: "This is not the server's token." });
  }

  function get(request: IncomingMessage, response: ServerResponse): void {
    const session = signIn?.sessions.read(sessionTextIn(request));
    const longer = session && signIn?.sessions.prolong(session);
    if (longer !== undefined) response.setHeader("set-cookie", cookieOf(request, longer));
    sendState(response, longer?.session ?? session);
  }

  function end(request: IncomingMessage, response: ServerResponse): void {
    const session = signIn?.sessions.read(sessionTextIn(request));
    if (session !== undefined) signIn?.sessions.close(session);
    response.setHeader("set-cookie", noCookie(request));
    sendState(response, undefined);
  }

  function sendState(response: ServerResponse, session: Session | undefined): void {
    const needsToken = signIn !== undefined;
    const expiresAt = session === undefined ? null : new Date(session.expiresAt).toISOString();
    const state: SessionState = { signedIn: !needsToken || session !== undefined, needsToken, expiresAt };
    sendJson(response, 200, state);
  }

  return async (request, response) => {
    if (request.method === "GET") return get(request, response);
    if (request.method === "POST") return post(request, response);
    if (request.method === "DELETE") return end(request, response);
    response.setHeader("allow", "GET, POST, DELETE");
    sendRefusal(response, { code: "INVALID_INPUT", status: 405, message: "GET, POST or DELETE." });
  };
}

const inClear =
  "Over plain HTTP the token could be read on the way, and the browser would not keep the session. Come by HTTPS " +
  "(TLS_CERT and TLS_KEY, or a proxy), or through an SSH tunnel to localhost.";
