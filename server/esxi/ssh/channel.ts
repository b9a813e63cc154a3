/** Opens a channel for a run: over a lost connection, and over hosts that give only one at a time. */
import { setTimeout as delay } from "node:timers/promises";
import type { ClientChannel } from "ssh2";
import type { NodeConfig } from "../../config.ts";
import { AppError } from "../../errors.ts";
import type { ChannelQueue, Slot } from "./channel-queue.ts";
import { ChannelRefused, type Connection } from "./connection.ts";
import { fellSilent, nodeTitle, plainMessage, unreachable } from "./failures.ts";
import type { Keeper } from "./keeper.ts";
import { withSignal } from "./limits.ts";

export interface OpenChannel {
  readonly connection: Connection;
  readonly channel: ClientChannel;
  /** Call when the run has ended or was given up. Resolves when its slot may be used by another one. */
  leave(): Promise<void>;
}

export interface ChannelRequest {
  readonly slot: Slot;
  readonly signal: AbortSignal;
  /** Told which connection is asked, each time. */
  readonly onAsked: (connection: Connection) => void;
}

export interface ChannelOpenerOptions {
  readonly config: NodeConfig;
  readonly keeper: Keeper;
  readonly queue: ChannelQueue;
  /** How long a channel may take to close before its connection is given up. */
  readonly closeMs: number;
}

/** Between two tries on a connection that had other channels before. */
const pausesMs = [20, 80, 200];

export type ChannelOpener = (request: ChannelRequest) => Promise<OpenChannel | undefined>;

/**
 * The script has not been sent while this goes on, so that another connection may be tried. Undefined: disconnected.
 * @throws AppError those of connecting; HOST_BUSY when the host gives no channel; the signal's reason
 */
export function createChannelOpener({ config, keeper, queue, closeMs }: ChannelOpenerOptions): ChannelOpener {
  return async (request) => {
    const pauses = [...pausesMs];
    for (let mayTryAgain = true; ; ) {
      const connection = await withSignal(keeper.get(), request.signal);
      if (connection === undefined) return undefined;
      const isNew = connection.uses() === 0;
      const tried = await tryOn(connection, request);
      if (!(tried instanceof Error)) return tried;
      if (tried instanceof ChannelRefused) {
        await afterRefusal({ connection, isNew, request, refusal: tried, pauseMs: pauses.shift() });
        continue;
      }
      const end = connection.end();
      if (end?.kind === "closed") return undefined;
      if (end?.kind === "silent") throw fellSilent(config);
      connection.destroy({ kind: "cut", error: tried });
      // A kept connection may have died unnoticed; a new one that dies at once is the host's fault.
      if (isNew || !mayTryAgain) throw unreachable(config, "opening a channel", tried);
      mayTryAgain = false;
    }
  };

  async function tryOn(connection: Connection, { signal, onAsked }: ChannelRequest): Promise<OpenChannel | Error> {
    onAsked(connection);
    const endUse = connection.use();
    const opening = connection.exec("sh -s");
    try {
      const channel = await withSignal(opening, signal);
      const closed = new Promise((resolve) => channel.once("close", resolve));
      return { connection, channel, leave: () => leave(connection, closed).finally(endUse) };
    } catch (error) {
      if (!signal.aborted) {
        endUse();
        return error instanceof Error ? error : new Error("no channel");
      }
      const gone = opening.then(closeChannel, () => undefined);
      void leave(connection, gone).finally(endUse);
      throw error;
    }
  }

  /**
   * OpenSSH answers the closing of a channel only when its process has ended. Other runs on that connection go on,
   * new ones get another.
   */
  async function leave(connection: Connection, closed: Promise<unknown>): Promise<void> {
    const patience = new AbortController();
    const timeout = delay(closeMs, "timeout", { signal: patience.signal }).catch(() => undefined);
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const callOff = connection.onEnd(resolve);
    const first = await Promise.race([closed, ended, timeout]);
    callOff();
    patience.abort();
    if (first === "timeout") connection.retire();
  }

  interface Refusal {
    readonly connection: Connection;
    readonly isNew: boolean;
    readonly request: ChannelRequest;
    readonly refusal: ChannelRefused;
    readonly pauseMs: number | undefined;
  }

  async function afterRefusal({ connection, isNew, request, refusal, pauseMs }: Refusal): Promise<void> {
    const { slot, signal } = request;
    if (slot.hasCompany()) {
      queue.limitToOne();
      await slot.takeAgain(signal);
      return;
    }
    if (isNew) throw noChannel(config, refusal);
    // Asked right after a channel was closed, OpenSSH refuses the next one: it counts the closed one still.
    if (pauseMs !== undefined) return withSignal(delay(pauseMs), signal);
    // A process that was given up may still hold the only session that the host allows on this connection.
    connection.retire();
  }
}

function closeChannel(channel: ClientChannel): Promise<unknown> {
  const closed = new Promise((resolve) => channel.once("close", resolve));
  channel.on("error", () => undefined);
  channel.resume();
  channel.stderr.resume();
  channel.close();
  return closed;
}

function noChannel(config: NodeConfig, refusal: Error): AppError {
  return new AppError(
    "HOST_BUSY",
    `${nodeTitle(config)} accepted the login and gives no channel to run a command in: ${plainMessage(refusal)}. ` +
      `Look at MaxSessions and ForceCommand in its sshd configuration, and whether its shell is restricted.`,
    { cause: refusal },
  );
}
