/** One connection of a driver's through the proxy. */
import { connect, type Socket } from "node:net";
import type { Document } from "mongodb";
import { type Faults, isHandshake, judge, type RandomCuts } from "./faults.ts";
import { answerTo, type Command, commandIn, createFraming, requestIdOf, responseToOf } from "./wire.ts";

export interface Proxied {
  cut(): void;
  /** Takes up the silence in force now. */
  heed(): void;
}

export interface ProxiedOptions {
  readonly client: Socket;
  readonly target: { readonly host: string; readonly port: number };
  /** As they stand at each moment. */
  readonly faults: Faults;
  readonly random: () => number;
  readonly onFault: (fault: "cut" | "lost answer" | "false answer") => void;
  readonly onClose: () => void;
}

export function createProxied({ client, target, faults, random, onFault, onClose }: ProxiedOptions): Proxied {
  const upstream = connect({ ...target, noDelay: true });
  /** By the id of the request whose answer it replaces. */
  const instead = new Map<number, Document | "cut">();
  let breaking: { readonly cuts: RandomCuts; bytesLeft: number; readonly timer: NodeJS.Timeout } | undefined;

  const cut = (): void => {
    if (client.destroyed) return;
    onFault("cut");
    client.resetAndDestroy();
    upstream.destroy();
  };
  const bytesLeft = (): number => (breaking?.cuts === faults.cuts ? (breaking?.bytesLeft ?? Infinity) : Infinity);
  const arm = (command: Command): void => {
    const { cuts } = faults;
    if (cuts === undefined || cuts === breaking?.cuts || !(cuts.of?.(command) ?? true)) return;
    const { afterMs, afterBytes } = cuts.nextBreak();
    clearTimeout(breaking?.timer);
    const timer = setTimeout(() => {
      if (faults.cuts === cuts) cut();
    }, afterMs);
    breaking = { cuts, bytesLeft: afterBytes, timer };
  };
  const give = (message: Buffer): void => {
    if (client.destroyed) return;
    const left = bytesLeft();
    client.write(message.subarray(0, left));
    if (breaking !== undefined) breaking.bytesLeft -= message.length;
    if (left < message.length) cut();
  };
  const giveInstead = (requestId: number, what: Document | "cut"): void => {
    if (what === "cut") {
      onFault("lost answer");
      return cut();
    }
    onFault("false answer");
    give(answerTo(requestId, what));
  };
  const onRequest = (message: Buffer): void => {
    const command = commandIn(message);
    if (command === undefined || isHandshake(command)) return void upstream.write(message);
    arm(command);
    const verdict = judge(command, faults, random);
    const requestId = requestIdOf(message);
    if (verdict.isForwarded) {
      if (verdict.instead !== undefined) instead.set(requestId, verdict.instead);
      upstream.write(message);
    } else if (verdict.instead !== undefined) giveInstead(requestId, verdict.instead);
  };
  const onAnswer = (message: Buffer): void => {
    const requestId = responseToOf(message);
    const replacement = instead.get(requestId);
    if (replacement === undefined) return give(message);
    instead.delete(requestId);
    giveInstead(requestId, replacement);
  };
  const heed = (): void => {
    for (const socket of [client, upstream]) {
      if (faults.isSilent) socket.pause();
      else socket.resume();
    }
  };

  client.on("data", createFraming(onRequest));
  upstream.on("data", createFraming(onAnswer));
  for (const socket of [client, upstream]) {
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(breaking?.timer);
      client.destroy();
      upstream.destroy();
      onClose();
    });
  }
  heed();
  return { cut, heed };
}
