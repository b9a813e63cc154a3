import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { AddressCheck } from "../auth/address-check.ts";
import { graphqlPath } from "./graphql-engine.ts";
import type { Sockets } from "./sockets.ts";
import type { Streams } from "./streams.ts";

export interface UpgradeOptions {
  readonly sockets: Sockets;
  readonly streams: Streams;
  readonly addressFault: AddressCheck;
}

/** Lets WebSockets in: on the right path, by the right name, from the right page, while there is room. */
export function createUpgrade({ sockets, streams, addressFault }: UpgradeOptions) {
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const [path] = (request.url ?? "").split("?", 1);
    const { host, origin } = request.headers;
    const fault = addressFault({ host, origin, port: request.socket.localPort });
    if (fault !== undefined) return refuse(socket, 403, fault);
    if (path !== graphqlPath) return refuse(socket, 404, "WebSockets are at /graphql.");
    const leave = streams.enter();
    if (leave === undefined) return refuse(socket, 503, "Too many streams at once.");
    socket.once("close", leave);
    sockets.accept(request, socket, head);
  };
}

function refuse(socket: Duplex, status: number, text: string): void {
  const body = `${text}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    "connection: close",
    "content-type: text/plain; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  // A peer that is gone already makes no fault of ours.
  socket.on("error", () => socket.destroy());
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}
