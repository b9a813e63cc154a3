/** Subscriptions whose reader can stop taking bytes from the wire, so that what is sent to him has to wait somewhere. */
import { type IncomingMessage, request } from "node:http";
import { WebSocket } from "ws";
import type { Operation, Subscribe, Subscription } from "./graphql.ts";

export interface Pausable {
  readonly subscribe: Subscribe;
  /** From now on nothing is read from the wire. */
  pause(): void;
  resume(): void;
}

interface Line extends Subscription {
  pause(): void;
  resume(): void;
}

type Open = (url: string, operation: Operation, onText: (text: string) => void) => Line;

export const pausableWs = (): Pausable => pausable(openWs);
export const pausableSse = (): Pausable => pausable(openSse);

function pausable(open: Open): Pausable {
  let line: Line | undefined;
  let isPaused = false;
  return {
    subscribe<T>(url: string, operation: Operation, onData: (data: T) => void) {
      line = open(url, operation, (text) => {
        const { data } = JSON.parse(text) as { data?: T };
        if (data) onData(data);
      });
      if (isPaused) line.pause();
      return line;
    },
    pause() {
      isPaused = true;
      line?.pause();
    },
    resume() {
      isPaused = false;
      line?.resume();
    },
  };
}

function openWs(url: string, operation: Operation, onText: (text: string) => void): Line {
  const socket = new WebSocket(`${url.replace(/^http/, "ws")}/graphql`, "graphql-transport-ws");
  socket.on("open", () => socket.send(JSON.stringify({ type: "connection_init" })));
  socket.on("message", (bytes) => {
    const message = JSON.parse((bytes as Buffer).toString()) as { type: string; payload: unknown };
    if (message.type === "connection_ack") {
      socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: operation }));
    }
    if (message.type === "next") onText(JSON.stringify(message.payload));
    if (message.type === "error" || message.type === "complete") socket.terminate();
  });
  socket.on("error", () => undefined);
  return {
    cut: () => socket.terminate(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    ended: new Promise((resolve) => socket.once("close", () => resolve())),
  };
}

function openSse(url: string, operation: Operation, onText: (text: string) => void): Line {
  const headers = { "content-type": "application/json", accept: "text/event-stream" };
  const asking = request(`${url}/graphql`, { method: "POST", headers, agent: false });
  let response: IncomingMessage | undefined;
  let isPaused = false;
  asking.on("error", () => undefined);
  asking.on("response", (answer) => {
    response = answer.setEncoding("utf8");
    let rest = "";
    answer.on("data", (chunk: string) => {
      const events = (rest + chunk).split("\n\n");
      rest = events.pop() ?? "";
      for (const event of events) {
        if (event.startsWith("event: next")) onText(event.slice(event.indexOf("data: ") + 6));
      }
    });
    answer.on("error", () => undefined);
    if (isPaused) answer.pause();
  });
  asking.end(JSON.stringify(operation));
  return {
    cut: () => void asking.destroy(),
    pause() {
      isPaused = true;
      response?.pause();
    },
    resume() {
      isPaused = false;
      response?.resume();
    },
    ended: new Promise((resolve) => asking.once("close", () => resolve())),
  };
}
