/** A line between two programs of a test that can fail in the ways a network does. */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export interface TcpProxy {
  readonly port: number;
  /** Connections made through it so far. */
  connections(): number;
  /** Resets every connection. */
  cut(): void;
  /** Nothing passes any more, both ends stay open: a half-open link. New connections are accepted and get nothing. */
  freeze(): void;
  /** What was held back passes, and all that comes. */
  thaw(): void;
  /** Resets the connection when so many bytes went to the server. */
  cutAfter(bytesToServer: number): void;
  close(): Promise<void>;
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let frozen = false;
  let bytesLeft = Number.POSITIVE_INFINITY;

  const server = createServer({ noDelay: true }, (client) => {
    connections++;
    const upstream = connect({ host: "127.0.0.1", port: targetPort, noDelay: true });
    const pair = [client, upstream] as const;
    for (const socket of pair) keep(socket, pair);
    client.on("data", (chunk) => {
      bytesLeft -= chunk.length;
      if (bytesLeft < 0) reset(pair);
      else upstream.write(chunk);
    });
    upstream.on("data", (chunk) => client.write(chunk));
    if (frozen) for (const socket of pair) socket.pause();
  });

  function keep(socket: Socket, pair: readonly Socket[]): void {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => {
      sockets.delete(socket);
      if (!frozen) for (const other of pair) other.destroy();
    });
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    connections: () => connections,
    cut: () => reset([...sockets]),
    freeze() {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw() {
      frozen = false;
      for (const socket of sockets) socket.resume();
    },
    cutAfter(bytesToServer) {
      bytesLeft = bytesToServer;
    },
    async close() {
      server.close();
      reset([...sockets]);
      await once(server, "close");
    },
  };
}

function reset(sockets: readonly Socket[]): void {
  for (const socket of sockets) socket.resetAndDestroy();
}
