/** Keeps the inventory live for as long as the page is open: reads it once, follows it, and resumes after every loss. */
import type { Api } from "../api/api.ts";
import { backoffMs } from "../api/backoff.ts";
import type { ConnectionEvent } from "../api/connection.ts";
import type { Inventory } from "./inventory.ts";
import { openLine } from "./line.ts";

export interface FollowOptions {
  readonly api: Api;
  readonly inventory: Inventory;
  readonly tell: (event: ConnectionEvent) => void;
}

export interface Follower {
  /** Tries again at once: the network is back, somebody has signed in, or a person is impatient. */
  readonly retry: () => void;
  readonly stop: () => void;
}

export function followInventory({ api, inventory, tell }: FollowOptions): Follower {
  const stopping = new AbortController();
  let attempt = 0;
  let isLive = false;
  let wake: () => void = () => undefined;

  /** Resolves after so many ms, or when somebody wants it sooner. */
  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const line = openLine({ api, inventory, onLive: live });
      stopping.signal.addEventListener("abort", line.end, { once: true });
      const { reason, code } = await line.ended;
      isLive = false;
      stopping.signal.removeEventListener("abort", line.end);
      if (stopping.signal.aborted) return;
      if (code === "UNAUTHENTICATED") {
        tell({ kind: "signedOut" });
        await pause(2 ** 31 - 1);
        continue;
      }
      const waitMs = backoffMs(attempt++);
      tell({ kind: "lost", reason, retryAt: Date.now() + waitMs });
      await pause(waitMs);
    }
  }

  function live(): void {
    attempt = 0;
    isLive = true;
    tell({ kind: "live" });
  }

  const unlisten = api.listen((event) => {
    if (event === "silent") tell({ kind: "lost", reason: "The server does not answer." });
    if (event === "heard" && isLive) tell({ kind: "live" });
  });
  void run();

  return {
    retry() {
      attempt = 0;
      wake();
    },
    stop() {
      unlisten();
      stopping.abort();
      wake();
    },
  };
}
