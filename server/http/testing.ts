/** A listening server on the stand-in ports, with clients of all three transports. */
import { type Client, createClient } from "graphql-ws";
import { WebSocket } from "ws";
import type { Secret } from "../config.ts";
import { silentLog } from "../log.ts";
import { buildSchema, createContext } from "../schema/index.ts";
import { createFakeWorld, type FakeWorld } from "../schema/testing.ts";
import { createHttpServer, type HttpServer, type HttpServerOptions } from "./server.ts";

export interface Answer {
  readonly status: number;
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { message: string; path?: unknown; extensions?: Record<string, unknown> }[];
}

export interface TestServer extends AsyncDisposable {
  readonly world: FakeWorld;
  readonly http: HttpServer;
  readonly origin: string;
  readonly socketUrl: string;
  post(query: string, variables?: object, headers?: Record<string, string>): Promise<Answer>;
  /** Every `next` of a stream, until it completes. */
  events(query: string, signal?: AbortSignal): AsyncGenerator<Answer>;
  client(connectionParams?: Record<string, unknown>): Client;
}

const schema = buildSchema();

export async function startServer(options: Partial<HttpServerOptions> = {}): Promise<TestServer> {
  const world = createFakeWorld();
  const http = createHttpServer({
    schema,
    context: (viewer) => createContext(world.parts, viewer),
    token: undefined,
    allowedHosts: [],
    tls: undefined,
    clientFolder: "/nonexistent",
    log: silentLog,
    isReady: () => true,
    ...options,
  });
  const { port } = await http.listen({ host: "127.0.0.1", port: 0 });
  const origin = `http://127.0.0.1:${port}`;
  const clients: Client[] = [];

  function send(body: object, headers: Record<string, string>, signal?: AbortSignal): Promise<Response> {
    return fetch(`${origin}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
      signal: signal ?? null,
    });
  }

  return {
    world,
    http,
    origin,
    socketUrl: `ws://127.0.0.1:${port}/graphql`,
    async post(query, variables = {}, headers = { accept: "application/graphql-response+json" }) {
      const response = await send({ query, variables }, headers);
      return { status: response.status, ...((await response.json()) as object) };
    },
    async *events(query, signal) {
      const response = await send({ query }, { accept: "text/event-stream" }, signal);
      yield* readEvents(response);
    },
    client(connectionParams = {}) {
      const url = `ws://127.0.0.1:${port}/graphql`;
      const client = createClient({ url, webSocketImpl: WebSocket, connectionParams, retryAttempts: 0 });
      clients.push(client);
      return client;
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) await client.dispose();
      await http.close(1_000);
    },
  };
}

async function* readEvents(response: Response): AsyncGenerator<Answer> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split("\n\n");
    text = blocks.pop() ?? "";
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data !== undefined) yield { status: response.status, ...(JSON.parse(data) as object) };
    }
  }
}

export function secretOf(text: string): Secret {
  return { reveal: () => text };
}

/** Resolves when `condition` holds; fails after ten seconds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error("The condition did not come true within 10 s.");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
