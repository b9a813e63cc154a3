/** A line to a MongoDB server that fails as networks and replica sets do. */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import type { Faults, RandomCuts, StepDown } from "./faults.ts";
import { createProxied, type Proxied } from "./proxied.ts";
import { targetOf } from "./proxy-target.ts";

export interface MongoProxy extends AsyncDisposable {
  /** Connection string in place of the server's: same login, one server (`directConnection`). */
  readonly url: string;
  /** How often each fault has struck so far: a test that saw none of its faults proves nothing. */
  readonly struck: Readonly<Struck>;
  /** All connections, at once. New ones are let through. */
  cut(): void;
  /** While on, nobody listens: connections end, and new ones are refused. */
  refuse(on: boolean): Promise<void>;
  /** While on, connections stay open or are opened, and nothing flows. What was under way flows afterwards, even if nobody waits for it any more. */
  silence(on: boolean): void;
  /** Until it is given undefined, every command but handshake, login, ping and the like is answered with 10107 or 189. */
  stepDown(how: StepDown | undefined): void;
  /** This share of the writes, 0 to 1, is done by the server, and then the connection is cut before the answer. */
  loseAnswers(share: number): void;
  /** Each connection, from its next command on, after a drawn time or number of bytes. Undefined: none any more. */
  cutAtRandom(cuts: RandomCuts | undefined): void;
  /** Ends every fault that lasts. */
  calm(): Promise<void>;
  close(): Promise<void>;
}

interface Struck {
  /** Connections that were broken, for whatever reason. */
  cuts: number;
  /** Writes that were done and whose answer nobody got. */
  lostAnswers: number;
  /** Commands that were answered with 10107 or 189. */
  falseAnswers: number;
}

export interface MongoProxyOptions {
  /** Connection string of the server: of a replica set's members, the primary as of now is taken. */
  readonly target: string;
  /** 0 (included) to 1 (excluded). */
  readonly random: () => number;
}

const counterOf = { cut: "cuts", "lost answer": "lostAnswers", "false answer": "falseAnswers" } as const;
const calm = (): Faults => ({ isSilent: false, stepDown: undefined, lostShare: 0, cuts: undefined });

/** Rejects when no primary answers, or when the server wants TLS: nothing can be played in what can't be read. */
export async function startMongoProxy({ target: targetUrl, random }: MongoProxyOptions): Promise<MongoProxy> {
  const target = await targetOf(targetUrl);
  const connections = new Set<Proxied>();
  const struck: Struck = { cuts: 0, lostAnswers: 0, falseAnswers: 0 };
  const faults = calm();

  const server = createServer({ noDelay: true }, (client) => {
    const onFault = (fault: keyof typeof counterOf) => void (struck[counterOf[fault]] += 1);
    const onClose = () => void connections.delete(proxied);
    const proxied = createProxied({ client, target, faults, random, onFault, onClose });
    connections.add(proxied);
  });
  const listen = async (at: number): Promise<void> => {
    server.listen(at, "127.0.0.1");
    await once(server, "listening");
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;

  const cut = (): void => {
    for (const connection of connections) connection.cut();
  };
  const refuse = async (on: boolean): Promise<void> => {
    if (on !== server.listening) return;
    if (!on) return await listen(port);
    const closed = once(server, "close");
    server.close();
    cut();
    await closed;
  };
  const silence = (on: boolean): void => {
    faults.isSilent = on;
    for (const connection of connections) connection.heed();
  };
  const close = (): Promise<void> => refuse(true);
  return {
    url: target.urlAt(port),
    struck,
    cut,
    refuse,
    silence,
    stepDown(how) {
      faults.stepDown = how;
    },
    loseAnswers(share) {
      faults.lostShare = share;
    },
    cutAtRandom(cuts) {
      faults.cuts = cuts;
    },
    async calm() {
      Object.assign(faults, calm());
      silence(false);
      await refuse(false);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
