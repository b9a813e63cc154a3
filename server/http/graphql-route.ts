import type { IncomingMessage, ServerResponse } from "node:http";
import type { Access } from "../auth/access.ts";
import type { Viewer } from "../auth/viewer.ts";
import { cutWhenSignedOut } from "./cut-when-signed-out.ts";
import { createGraphiqlPage } from "./graphiql-page.ts";
import type { Engine } from "./graphql-engine.ts";
import { isJson } from "./json-body.ts";
import type { Limits } from "./limits.ts";
import { sendRefusal } from "./responses.ts";
import { cookieOf, sessionTextIn } from "./session-cookie.ts";
import { cutStuckReader } from "./slow-reader.ts";
import type { Streams } from "./streams.ts";

export interface GraphqlRouteOptions {
  readonly engine: Engine;
  readonly access: Access;
  readonly limits: Limits;
  readonly streams: Streams;
}

export type Route = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** POST of JSON, answered as JSON or as a stream of events; a browser's GET gets the GraphiQL page. */
export function createGraphqlRoute(options: GraphqlRouteOptions): Route {
  const { engine, access, limits, streams } = options;
  const sendGraphiql = createGraphiqlPage();

  /** Undefined: it was refused. A session is prolonged by being used. */
  function whoAsks(request: IncomingMessage, response: ServerResponse): Viewer | undefined {
    const session = sessionTextIn(request);
    const { authorization } = request.headers;
    const viewer = access.authenticate({ authorization, session, address: request.socket.remoteAddress });
    const longer = viewer?.session && access.browsers?.sessions.prolong(viewer.session);
    if (longer !== undefined) response.setHeader("set-cookie", cookieOf(request, longer));
    if (viewer !== undefined) return { ...viewer, session: longer?.session ?? viewer.session };
    response.setHeader("www-authenticate", 'Bearer realm="ECoMan"');
    const message = authorization === undefined && session !== undefined ? sessionOver : tokenNeeded;
    sendRefusal(response, { code: "UNAUTHENTICATED", message });
    return undefined;
  }

  return async (request, response) => {
    const accept = request.headers.accept ?? "";
    if (request.method === "GET" && accept.includes("text/html")) return sendGraphiql(request, response);
    if (request.method !== "POST") {
      response.setHeader("allow", "POST");
      return sendRefusal(response, { code: "INVALID_INPUT", status: 405, message: "Send GraphQL by POST." });
    }
    if (!isJson(request)) {
      return sendRefusal(response, {
        code: "INVALID_INPUT",
        status: 415,
        message: "Send GraphQL as application/json.",
      });
    }
    const viewer = whoAsks(request, response);
    if (viewer === undefined) return;
    if (Number(request.headers["content-length"] ?? 0) > limits.requestBytes) {
      response.setHeader("connection", "close");
      const message = `The request has more than ${limits.requestBytes} bytes.`;
      return sendRefusal(response, { code: "LIMIT_EXCEEDED", message });
    }
    if (accept.includes("text/event-stream")) {
      const leave = streams.enter();
      if (leave === undefined) {
        return sendRefusal(response, { code: "LIMIT_EXCEEDED", status: 503, message: "Too many streams at once." });
      }
      response.once("close", leave);
      response.once("close", cutStuckReader(request.socket, limits.stuckReaderMs));
      response.once("close", cutWhenSignedOut(access.whenSignedOut, { viewer, cut: () => response.destroy() }));
    }
    await engine(request, response, { viewer });
  };
}

const tokenNeeded = "Give the server's token as `Authorization: Bearer TOKEN`, or sign in on the web page.";
const sessionOver = "The session has expired or was signed out: sign in again.";
