/** The outer edge: one port for HTTP, SSE and WebSocket. Everything is checked here before GraphQL sees it. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { type GraphQLSchema, printSchema } from "graphql";
import { createAccess } from "../auth/access.ts";
import { type AddressCheck, createAddressCheck } from "../auth/address-check.ts";
import type { Viewer } from "../auth/viewer.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { Secret } from "../config.ts";
import type { Log } from "../log.ts";
import type { Context } from "../schema/index.ts";
import { type ClientFiles, createClientFiles } from "./client-files.ts";
import { createEngine, graphqlPath } from "./graphql-engine.ts";
import { createPublicError } from "./graphql-error.ts";
import { createGraphqlRoute, type Route } from "./graphql-route.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { sendText, setSecurityHeaders } from "./responses.ts";
import { createSessionRoute, sessionPath } from "./session-route.ts";
import { createSockets } from "./sockets.ts";
import { createStreams } from "./streams.ts";
import { createUpgrade } from "./upgrade.ts";

export interface HttpServerOptions {
  readonly schema: GraphQLSchema;
  /** A fresh context for one operation. */
  readonly context: (viewer: Viewer) => Context;
  /** Undefined: no sign-in. Whoever listens beyond loopback gives one. */
  readonly token: Secret | undefined;
  /** Host names, with port where not the default, besides loopback's. */
  readonly allowedHosts: readonly string[];
  /** PEM texts. Undefined: plain HTTP. */
  readonly tls: { readonly cert: string | Buffer; readonly key: string | Buffer } | undefined;
  readonly log: Log;
  /** Is the server fit for work? Asked by /readyz. */
  readonly isReady: () => boolean;
  /** Where the web client was or will be built. Absolute. */
  readonly clientFolder: string;
  readonly limits?: Partial<Limits>;
  /** By which sessions expire. */
  readonly clock?: Clock;
}

export interface HttpServer {
  /** Port 0: any free one. Rejects when the address can't be listened on. */
  listen(address: { readonly host: string; readonly port: number }): Promise<{ readonly port: number }>;
  /** Takes no new work, ends streams politely, lets requests under way end, and cuts what is left after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { schema, context, token, log, clock = systemClock } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const secure = options.tls !== undefined;
  const addressFault = createAddressCheck({ allowedHosts: options.allowedHosts, secure });
  const access = createAccess(token, { clock, log });
  const publicError = createPublicError(log);
  const streams = createStreams(limits.streams);
  const engine = createEngine({ schema, context, whenSignedOut: access.whenSignedOut, limits, streams, publicError });
  const sockets = createSockets({ engine, access, limits, publicError });
  const graphql = createGraphqlRoute({ engine, access, limits, streams });
  const upgrade = createUpgrade({ sockets, streams, addressFault });
  let closing = false;

  const routes = createRoutes(options, {
    graphql,
    session: createSessionRoute(access.browsers),
    client: createClientFiles(options.clientFolder),
    addressFault,
    isReady: () => !closing && options.isReady(),
  });
  const server = openServer(options, (request, response) => {
    setSecurityHeaders(response, secure);
    routes(request, response).catch((error: unknown) => {
      log.error({ err: error, path: request.url }, "A request failed unexpectedly");
      if (response.headersSent) response.destroy();
      else sendText(response, 500, "Unexpected error; the server's log has the details.");
    });
  });
  server.on("upgrade", upgrade);

  return {
    listen: ({ host, port }) =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, host, () => {
          server.off("error", reject);
          resolve({ port: (server.address() as AddressInfo).port });
        });
      }),
    async close(graceMs) {
      closing = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      streams.endAll();
      sockets.sayGoodbye();
      await Promise.race([closed, letGo(server, graceMs)]);
      sockets.terminate();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Lets connections go as they fall idle, for at most `graceMs`. */
async function letGo(server: Server, graceMs: number): Promise<void> {
  const until = performance.now() + graceMs;
  while (performance.now() < until) {
    server.closeIdleConnections();
    await delay(50);
    if (!server.listening && (await connectionsOf(server)) === 0) return;
  }
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
}

interface Parts {
  readonly graphql: Route;
  readonly session: Route;
  readonly client: ClientFiles;
  readonly addressFault: AddressCheck;
  readonly isReady: () => boolean;
}

function createRoutes(options: HttpServerOptions, parts: Parts): Route {
  const { graphql, session, client, addressFault, isReady } = parts;
  const sdl = `${printSchema(options.schema)}\n`;
  return async (request, response) => {
    const [path] = (request.url ?? "").split("?", 1);
    // Probes address the server as they please; they learn nothing but yes or no.
    if (path === "/healthz") return sendText(response, 200, "ok");
    if (path === "/readyz") return isReady() ? sendText(response, 200, "ready") : sendText(response, 503, "not ready");
    const { host, origin } = request.headers;
    const fault = addressFault({ host, origin, port: request.socket.localPort });
    if (fault !== undefined) return sendText(response, 403, fault);
    if (path === graphqlPath) return graphql(request, response);
    if (path === sessionPath) return session(request, response);
    if (path === "/schema.graphql" && request.method === "GET") return sendText(response, 200, sdl.trimEnd());
    client(request, response, () => sendText(response, 404, "There is nothing here. The API is at /graphql."));
  };
}

function openServer(
  { tls }: HttpServerOptions,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const patience = { headersTimeout: 15_000, requestTimeout: 30_000, keepAliveTimeout: 10_000, keepAlive: true };
  return tls === undefined ? createServer(patience, handle) : createTlsServer({ ...patience, ...tls }, handle);
}
