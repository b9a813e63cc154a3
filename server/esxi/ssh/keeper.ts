/** Keeps a node's one connection: made when it is first wanted, and again when it was lost. */
import { AppError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { Connection } from "./connection.ts";
import { plainMessage } from "./failures.ts";

export interface Keeper {
  /** The connection, shared by all who ask. Undefined: `disconnect` came in between. */
  get(): Promise<Connection | undefined>;
  disconnect(): void;
  /** For good: `get` rejects with SHUTTING_DOWN from now on. */
  close(): void;
}

export interface KeeperOptions {
  readonly node: string;
  readonly connect: (signal: AbortSignal) => Promise<Connection>;
  readonly log: Log;
}

export function createKeeper({ node, connect, log }: KeeperOptions): Keeper {
  let current: Connection | undefined;
  let coming: Promise<Connection | undefined> | undefined;
  let attempt = new AbortController();
  let closed = false;

  async function start(): Promise<Connection | undefined> {
    const { signal } = attempt;
    try {
      const connection = await connect(signal);
      if (signal.aborted) connection.destroy(disconnected);
      else adopt(connection);
      return signal.aborted ? undefined : connection;
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  function adopt(connection: Connection): void {
    current = connection;
    void forgetAtEnd(connection);
  }

  async function forgetAtEnd(connection: Connection): Promise<void> {
    const end = await connection.ended;
    if (current === connection) current = undefined;
    log.info({ node, how: end.kind, reason: plainMessage(end.error) }, "Disconnected");
  }

  function disconnect(): void {
    attempt.abort();
    attempt = new AbortController();
    coming = undefined;
    current?.destroy(disconnected);
    current = undefined;
  }

  return {
    async get() {
      if (closed) throw new AppError("SHUTTING_DOWN", `The connection to node "${node}" was closed for good.`);
      if (current?.isUsable()) return current;
      if (coming === undefined) {
        const started = start();
        coming = started;
        const forget = (): void => {
          if (coming === started) coming = undefined;
        };
        void started.then(forget, forget);
      }
      return coming;
    },
    disconnect,
    close() {
      closed = true;
      disconnect();
    },
  };
}

const disconnected = { kind: "closed", error: new Error("no longer wanted") } as const;
