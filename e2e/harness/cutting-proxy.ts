/** A line to the app that breaks: each connection after so many bytes or so long, as the caller draws it. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** When a connection breaks: whichever comes first. */
export interface Break {
  /** From the first byte from the server on: on a busy machine the handshake alone takes its time. */
  readonly afterMs: number;
  /** Bytes from the server, its handshake included: the message that is under way then is torn. */
  readonly afterBytes: number;
}

export interface CuttingProxy {
  readonly port: number;
  /** Connections that were broken so far. */
  readonly cuts: number;
  /** From now on connections last. */
  calm(): void;
  /** While on, connections stay open and nothing flows. */
  silence(on: boolean): void;
  close(): Promise<void>;
}

export interface CuttingProxyOptions {
  /** Where the app listens now; it may move. */
  readonly targetPort: () => number;
  readonly nextBreak: () => Break;
}

export async function startCuttingProxy({ targetPort, nextBreak }: CuttingProxyOptions): Promise<CuttingProxy> {
  const clients = new Map<Socket, Socket>();
  let cuts = 0;
  let isCalm = false;
  let isSilent = false;

  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ host: "127.0.0.1", port: targetPort(), noDelay: true });
    const { afterMs, afterBytes } = nextBreak();
    let bytesLeft = afterBytes;
    const cut = (): void => {
      if (isCalm || client.destroyed) return;
      cuts += 1;
      client.resetAndDestroy();
    };
    let timer: NodeJS.Timeout | undefined;
    clients.set(client, upstream);
    client.pipe(upstream);
    if (isSilent) quieten(client, upstream);
    upstream.on("data", (chunk: Buffer) => {
      timer ??= setTimeout(cut, afterMs);
      client.write(isCalm ? chunk : chunk.subarray(0, Math.max(0, bytesLeft)));
      bytesLeft -= chunk.length;
      if (bytesLeft < 0) cut();
    });
    for (const socket of [client, upstream]) {
      socket.on("error", () => undefined);
      socket.on("close", () => {
        clearTimeout(timer);
        clients.delete(client);
        client.destroy();
        upstream.destroy();
      });
    }
  });

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    get cuts() {
      return cuts;
    },
    calm() {
      isCalm = true;
    },
    silence(on) {
      isSilent = on;
      for (const [client, upstream] of clients) {
        if (on) quieten(client, upstream);
        else for (const socket of [client, upstream]) socket.resume();
      }
    },
    async close() {
      server.close();
      for (const client of clients.keys()) client.destroy();
      await once(server, "close");
    },
  };
}

function quieten(...sockets: readonly Socket[]): void {
  for (const socket of sockets) socket.pause();
}
