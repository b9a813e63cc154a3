/** The store's news of tasks, followed for as long as the server runs; where they can't be continued, everything is looked at anew. */
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Revision } from "../model.ts";
import type { InventoryStore, StoreNews } from "../store/store.ts";

export interface FollowNewsOptions {
  readonly store: Pick<InventoryStore, "watch" | "load">;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly onNews: (news: StoreNews) => void;
  /** There is a gap before the next news: whoever needs to know what was in it looks at the store. */
  readonly onGap: () => Promise<void>;
}

const retryMs = 1000;

/** Resolves when the signal is aborted or the store has closed; never rejects. */
export async function followNews(from: Revision, options: FollowNewsOptions): Promise<void> {
  const { store, clock, log, signal, onNews, onGap } = options;

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
      if (since === undefined) {
        since = (await store.load()).revision;
        await onGap();
      }
      isBroken = false;
      if ((await read(since)) === "end") return;
    } catch (error) {
      // Once per outage.
      if (!isBroken)
        log.warn({ error }, "The store's news of tasks broke off; it is tried every second to take them up.");
      isBroken = true;
      await clock.sleep(retryMs, signal);
    }
    since = undefined;
  }
}
