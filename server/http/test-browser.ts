/** A browser as the server sees it: it keeps its cookie and says from which page it comes. */
import { type IncomingHttpHeaders, type IncomingMessage, request as sendPlain } from "node:http";
import { request as sendSecure } from "node:https";
import { WebSocket } from "ws";
import type { TestServer } from "./testing.ts";

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Of a text that is JSON. */
  readonly json: { readonly [key: string]: unknown };
}

export interface Sending {
  /** Undefined: without this one. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  /** Which of loopback's addresses it comes from. */
  readonly localAddress?: string;
}

export interface TestBrowser {
  /** `name=value`, as it would be sent; undefined: none is kept. */
  cookie: string | undefined;
  send(method: string, path: string, sending?: Sending): Promise<Reply>;
  signIn(token: string, sending?: Sending): Promise<Reply>;
  query(query: string, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  /** Introduces itself; resolves when it was let in, or with the code it was closed with. */
  openSocket(connectionParams?: object, headers?: Readonly<Record<string, string>>): Promise<WebSocket | number>;
}

export function createBrowser(server: Pick<TestServer, "origin">): TestBrowser {
  const browser: TestBrowser = {
    cookie: undefined,
    async send(method, path, sending = {}) {
      const cookie: Record<string, string> = browser.cookie === undefined ? {} : { cookie: browser.cookie };
      const headers = Object.entries({ origin: server.origin, ...cookie, ...sending.headers });
      const given = Object.fromEntries(headers.filter(([, value]) => value !== undefined));
      const reply = await sendOnce(`${server.origin}${path}`, method, { ...sending, headers: given });
      const [kept] = reply.headers["set-cookie"] ?? [];
      if (kept !== undefined) browser.cookie = kept.includes("Max-Age=0") ? undefined : kept.split(";", 1)[0];
      return reply;
    },
    signIn: (token, { headers, ...sending } = {}) =>
      browser.send("POST", "/session", {
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify({ token }),
        ...sending,
      }),
    query: (query, headers = {}) =>
      browser.send("POST", "/graphql", {
        headers: { "content-type": "application/json", accept: "application/json", ...headers },
        body: JSON.stringify({ query }),
      }),
    openSocket(connectionParams = {}, headers = {}) {
      const url = `${server.origin.replace("http", "ws")}/graphql`;
      const cookie = browser.cookie === undefined ? {} : { cookie: browser.cookie };
      const all = { origin: server.origin, ...cookie, ...headers };
      const socket = new WebSocket(url, "graphql-transport-ws", { headers: all, rejectUnauthorized: false });
      socket.on("open", () => socket.send(JSON.stringify({ type: "connection_init", payload: connectionParams })));
      return new Promise((resolve) => {
        socket.once("message", () => resolve(socket));
        socket.once("close", resolve);
        socket.once("unexpected-response", (_request, { statusCode }) => resolve(statusCode ?? 0));
      });
    },
  };
  return browser;
}

/** By node:http, because fetch does not let a Host be chosen. */
function sendOnce(url: string, method: string, { body, ...options }: Sending): Promise<Reply> {
  const send = url.startsWith("https:") ? sendSecure : sendPlain;
  return new Promise((resolve, reject) => {
    const sent = send(url, { method, agent: false, rejectUnauthorized: false, ...options });
    sent.once("error", reject);
    sent.once("response", (response) => {
      readReply(response).then(resolve, reject);
    });
    sent.end(body);
  });
}

async function readReply(response: IncomingMessage): Promise<Reply> {
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += String(chunk);
  const { statusCode: status = 0, headers } = response;
  const isJson = text !== "" && headers["content-type"]?.startsWith("application/json");
  return { status, headers, text, json: isJson ? (JSON.parse(text) as Reply["json"]) : {} };
}
