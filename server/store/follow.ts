/** The store's news, followed for as long as who reads them lives; where they can't be continued, everything is read anew. */
import { setTimeout as delay } from "node:timers/promises";
import { isAppError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Revision } from "../model.ts";
import type { InventoryStore, StoreNews } from "./store.ts";

export interface FollowOptions {
  readonly store: Pick<InventoryStore, "watch">;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Who follows them, for the log: "The inventory", "The tasks". */
  readonly reader: string;
  readonly onNews: (news: StoreNews) => void;
  /** There is a gap before the next news: takes in what the store holds now, and answers the revision from which to go on. */
  readonly reload: () => Promise<Revision>;
}

const retryMs = 1000;

/** Resolves when the signal is aborted or the store has closed; never rejects. */
export async function followStore(from: Revision, options: FollowOptions): Promise<void> {
  const { store, log, signal, reader, onNews, reload } = options;

  async function read(since: Revision): Promise<"gap" | "end"> {
    for await (const news of store.watch(since, signal)) {
      if (news.kind === "reset") return "gap";
      onNews(news);
    }
    return "end";
  }

  let since: Revision | undefined = from;
  let isBroken = false;
  while (!signal.aborted) {
    try {
      since ??= await reload();
      isBroken = false;
      if ((await read(since)) === "end") return;
      log.warn({ reader }, "The store's news could not be continued; everything is read anew.");
    } catch (error) {
      // Once per outage.
      const level = isAppError(error, "STORE_UNREACHABLE") ? "warn" : "error";
      if (!isBroken) log[level]({ reader, error }, "The store's news broke off; it is tried every second to go on.");
      isBroken = true;
      await delay(retryMs, undefined, { signal }).catch(() => undefined);
    }
    since = undefined;
  }
}
