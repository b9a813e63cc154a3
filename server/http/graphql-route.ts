import type { IncomingMessage, ServerResponse } from "node:http";
import type { Authenticate } from "../auth/authenticate.ts";
import { createGraphiqlPage } from "./graphiql-page.ts";
import type { Engine } from "./graphql-engine.ts";
import type { Limits } from "./limits.ts";
import { sendRefusal } from "./responses.ts";
import { cutStuckReader } from "./slow-reader.ts";
import type { Streams } from "./streams.ts";

export interface GraphqlRouteOptions {
  readonly engine: Engine;
  readonly authenticate: Authenticate;
  readonly limits: Limits;
  readonly streams: Streams;
}

export type Route = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** POST of JSON, answered as JSON or as a stream of events; a browser's GET gets the GraphiQL page. */
export function createGraphqlRoute({ engine, authenticate, limits, streams }: GraphqlRouteOptions): Route {
  const sendGraphiql = createGraphiqlPage();

  return async (request, response) => {
    const accept = request.headers.accept ?? "";
    if (request.method === "GET" && accept.includes("text/html")) return sendGraphiql(request, response);
    if (request.method !== "POST") {
      response.setHeader("allow", "POST");
      return sendRefusal(response, { code: "INVALID_INPUT", status: 405, message: "Send GraphQL by POST." });
    }
    if (!/^application\/json\s*(;|$)/i.test(request.headers["content-type"] ?? "")) {
      return sendRefusal(response, {
        code: "INVALID_INPUT",
        status: 415,
        message: "Send GraphQL as application/json.",
      });
    }
    // A cookie of the web client's sign-in page will be looked at here, and nowhere else.
    const viewer = authenticate(request.headers.authorization);
    if (viewer === undefined) {
      response.setHeader("www-authenticate", 'Bearer realm="ECoMan"');
      const message = "Give the server's token as `Authorization: Bearer TOKEN`.";
      return sendRefusal(response, { code: "UNAUTHENTICATED", message });
    }
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
      const endWatch = cutStuckReader(request.socket, limits.stuckReaderMs);
      response.once("close", () => {
        leave();
        endWatch();
      });
    }
    await engine(request, response, { viewer });
  };
}
