/** The one WebSocket to the API. It never reconnects by itself: who follows the inventory knows from where to resume. */
import { type Client, createClient } from "graphql-ws";
import { isCloseEvent, signedOutCodes } from "./failure.ts";
import { createHeartbeat, pingEveryMs } from "./heartbeat.ts";

/**
 * `silent`: no answer for about a second. `heard`: an answer after all. `closed`: it is gone, and all streams with it.
 * `signedOut`: the same, because the server does not know who is asking (any more).
 */
export type SocketEvent = "silent" | "heard" | "closed" | "signedOut";

export function createSocket(url: string, tell: (event: SocketEvent) => void): Client {
  const client = createClient({
    url,
    retryAttempts: 0,
    keepAlive: pingEveryMs,
    connectionAckWaitTimeout: 5_000,
    on: {
      ping: (received) => received || heartbeat.asked(),
      message: () => heartbeat.heard(),
      closed(event) {
        heartbeat.stop();
        tell(isCloseEvent(event) && signedOutCodes.includes(event.code) ? "signedOut" : "closed");
      },
    },
  });
  const heartbeat = createHeartbeat({
    onHeard: () => tell("heard"),
    onSilent: () => tell("silent"),
    onDead: () => client.terminate(),
  });
  return client;
}
