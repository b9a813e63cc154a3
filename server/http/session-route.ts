/** Sign-in for browsers: the token is traded for a cookie that is good on HTTP, SSE and WebSocket alike. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Browsers } from "../auth/access.ts";
import type { Session } from "../auth/sessions.ts";
import type { Route } from "./graphql-route.ts";
import { isJson, readJson } from "./json-body.ts";
import { sendJson, sendRefusal } from "./responses.ts";
import { cookieOf, noCookie, sessionTextIn, travelsInClear } from "./session-cookie.ts";

export const sessionPath = "/session";

/** What a page needs to know before it asks for anything. */
interface SessionState {
  readonly signedIn: boolean;
  /** False: the server has no token, everybody is in. */
  readonly needsToken: boolean;
  /** ISO 8601; null where nobody is signed in or nobody needs to be. */
  readonly expiresAt: string | null;
}

const largestBody = 4096;

/** GET tells and prolongs, POST of `{token}` signs in, DELETE signs out; each answers the state after it. */
export function createSessionRoute(browsers: Browsers | undefined): Route {
  const methods = browsers === undefined ? openToAll : methodsFor(browsers);
  return async (request, response) => {
    const answer = methods[request.method ?? ""];
    if (answer !== undefined) return answer(request, response);
    response.setHeader("allow", Object.keys(methods).join(", "));
    sendRefusal(response, { code: "INVALID_INPUT", status: 405, message: "Use GET, POST or DELETE." });
  };
}

type Methods = Readonly<Record<string, Route>>;

function methodsFor({ signIn, sessions }: Browsers): Methods {
  return {
    async GET(request, response) {
      const text = sessionTextIn(request);
      const session = sessions.read(text);
      const longer = session && sessions.prolong(session);
      if (longer !== undefined) response.setHeader("set-cookie", cookieOf(request, longer));
      if (text !== undefined && session === undefined) response.setHeader("set-cookie", noCookie(request));
      sendState(response, longer?.session ?? session);
    },
    async POST(request, response) {
      const token = await readToken(request, response);
      if (token === undefined) return;
      const attempt = signIn(token, request.socket.remoteAddress ?? "");
      if (attempt.outcome === "SIGNED_IN") {
        response.setHeader("set-cookie", cookieOf(request, attempt.issued));
        return sendState(response, attempt.issued.session);
      }
      if (attempt.outcome === "WRONG_TOKEN") {
        return sendRefusal(response, { code: "UNAUTHENTICATED", message: "This is not the server's token." });
      }
      response.setHeader("retry-after", attempt.waitSeconds);
      const message = `Too many wrong tokens were tried. Try again in ${attempt.waitSeconds} s.`;
      sendRefusal(response, { code: "LIMIT_EXCEEDED", status: 429, message });
    },
    async DELETE(request, response) {
      const session = sessions.read(sessionTextIn(request));
      if (session !== undefined) sessions.close(session);
      response.setHeader("set-cookie", noCookie(request));
      sendState(response, undefined);
    },
  };
}

/** Undefined: it was refused. */
async function readToken(request: IncomingMessage, response: ServerResponse): Promise<string | undefined> {
  const refuse = (refusal: Parameters<typeof sendRefusal>[1]): undefined => {
    // What is left of the body is not waited for.
    response.setHeader("connection", "close");
    sendRefusal(response, refusal);
  };
  if (!isJson(request)) return refuse({ code: "INVALID_INPUT", status: 415, message: "Send application/json." });
  if (travelsInClear(request)) return refuse({ code: "FORBIDDEN", message: inClear });
  const body = await readJson(request, largestBody);
  const token = typeof body === "object" && body !== null && "token" in body ? body.token : undefined;
  if (typeof token === "string") return token;
  return refuse({ code: "INVALID_INPUT", message: `Send {"token": "…"}, at most ${largestBody} bytes.` });
}

const inClear =
  "Over plain HTTP the token could be read on its way, and the browser would not keep the session. Come by HTTPS " +
  "(TLS_CERT and TLS_KEY, or a proxy), or through an SSH tunnel to localhost.";

async function answerOpen(_request: IncomingMessage, response: ServerResponse): Promise<void> {
  send(response, { signedIn: true, needsToken: false, expiresAt: null });
}

const openToAll: Methods = { GET: answerOpen, POST: answerOpen, DELETE: answerOpen };

function sendState(response: ServerResponse, session: Session | undefined): void {
  const expiresAt = session === undefined ? null : new Date(session.expiresAt).toISOString();
  send(response, { signedIn: session !== undefined, needsToken: true, expiresAt });
}

function send(response: ServerResponse, state: SessionState): void {
  sendJson(response, 200, state);
}
