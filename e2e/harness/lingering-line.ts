/**
 * A line to a host that does not notice for a while that its client is gone, as when a network or a machine dies without a
 * word: what the client had sent goes on there.
 */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface LingeringLine {
  readonly port: number;
  /** While on, what the host sends is kept back; what is sent to it arrives. */
  mute(on: boolean): void;
  close(): Promise<void>;
}

export interface LingeringLineOptions {
  readonly targetPort: number;
  /** How long the host's end stays open after the client's was closed. */
  readonly lingerMs: number;
}

export async function startLingeringLine({ targetPort, lingerMs }: LingeringLineOptions): Promise<LingeringLine> {
  const upstreams = new Set<Socket>();
  let isMuted = false;

  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ host: "127.0.0.1", port: targetPort, noDelay: true });
    upstreams.add(upstream);
    if (isMuted) upstream.pause();
    client.on("data", (chunk) => upstream.write(chunk));
    client.on("error", () => undefined);
    client.on("close", () => {
      upstream.resume();
      setTimeout(() => upstream.destroy(), lingerMs).unref();
    });
    upstream.on("data", (chunk) => client.writable && client.write(chunk));
    upstream.on("error", () => undefined);
    upstream.on("close", () => {
      upstreams.delete(upstream);
      client.destroy();
    });
  });

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    mute(on) {
      isMuted = on;
      for (const upstream of upstreams)
        if (on) upstream.pause();
        else upstream.resume();
    },
    async close() {
      server.close();
      for (const upstream of upstreams) upstream.destroy();
      await once(server, "close");
    },
  };
}
