/** One SSH connection that is or will be logged in: its channels, its pulse and its end. */
import type { Socket } from "node:net";
import type { Client, ClientChannel } from "ssh2";

export interface Connection {
  /**
   * Opens a channel and starts a command in it. When this rejects, the command got no input.
   * Rejects with a ChannelRefused when the host gives no channel; any other rejection means that the connection is gone.
   */
  exec(command: string): Promise<ClientChannel>;
  /** ms since anything at all came from the host, keepalive answers included. */
  quietMs(): number;
  /** Why it ended; undefined while it lives. */
  end(): ConnectionEnd | undefined;
  readonly ended: Promise<ConnectionEnd>;
  /**
   * Calls once, when it ends. The answer calls it off: for whoever waits briefly, many times over a connection's life, because
   * a promise that is still open holds everybody who ever waited for it.
   */
  onEnd(listener: () => void): () => void;
  /** Is it good for another run. */
  isUsable(): boolean;
  /** Counts a run that uses it. The answer ends that use. */
  use(): () => void;
  /** How many runs it has had so far. */
  uses(): number;
  /** No further run; ends when the runs under way are over. */
  retire(): void;
  destroy(end: ConnectionEnd): void;
}

export type ConnectionEnd =
  /** By the host, or something on the way, with whatever was said of it. */
  | { readonly kind: "cut"; readonly error: Error }
  /** Nothing came any more. */
  | { readonly kind: "silent"; readonly error: Error }
  /** By us. */
  | { readonly kind: "closed"; readonly error: Error };

export class ChannelRefused extends Error {}

/** Wraps a client before it connects, so that no error of its goes unheard. */
export function createConnection(client: Client, socket: Socket): Connection {
  const { promise: ended, resolve } = Promise.withResolvers<ConnectionEnd>();
  let end: ConnectionEnd | undefined;
  let lastHeard = performance.now();
  let retired = false;
  let uses = 0;
  let inUse = 0;
  const listeners = new Set<() => void>();

  function destroy(reason: ConnectionEnd): void {
    end ??= reason;
    resolve(end);
    for (const listener of listeners) listener();
    listeners.clear();
    socket.destroy();
  }

  client.on("error", (error) => destroy({ kind: isSilence(error) ? "silent" : "cut", error }));
  client.on("close", () => destroy({ kind: "cut", error: new Error("the host closed the connection") }));
  // ssh2 has no event for what arrives, such as the answers to its keepalives; before "connect" a listener would start
  // the flow too early.
  client.on("connect", () => socket.on("data", () => (lastHeard = performance.now())));

  function endWhenIdle(): void {
    if (!retired || inUse > 0) return;
    destroy({ kind: "closed", error: new Error("replaced by another connection") });
  }

  return {
    exec: (command) => exec(client, command),
    quietMs: () => performance.now() - lastHeard,
    end: () => end,
    ended,
    onEnd(listener) {
      if (end === undefined) listeners.add(listener);
      else listener();
      return () => void listeners.delete(listener);
    },
    isUsable: () => end === undefined && !retired,
    uses: () => uses,
    use() {
      uses++;
      inUse++;
      let over = false;
      return () => {
        if (over) return;
        over = true;
        inUse--;
        endWhenIdle();
      };
    },
    retire() {
      retired = true;
      endWhenIdle();
    },
    destroy,
  };
}

function exec(client: Client, command: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    // On an ended client ssh2 throws at once; within a promise that is a rejection like any other.
    client.exec(command, (error, channel) => {
      if (error === undefined || error === null) resolve(channel);
      else reject(isRefusal(error) ? new ChannelRefused(error.message, { cause: error }) : error);
    });
  });
}

/** RFC 4254 §5.1: an open failure carries a reason; "Unable to exec" is a channel that was given and does nothing. */
function isRefusal(error: Error): boolean {
  return ("reason" in error && typeof error.reason === "number") || error.message === "Unable to exec";
}

function isSilence(error: Error & { readonly level?: string }): boolean {
  return error.level === "client-timeout";
}
