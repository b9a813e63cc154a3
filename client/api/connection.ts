/** Whether what is on the screen is live. Pure: events in, state out. */

/** `since`: milliseconds of this browser's clock, when the state began. */
export type Connection =
  | { readonly kind: "connecting"; readonly since: number }
  | { readonly kind: "live"; readonly since: number }
  | { readonly kind: "lost"; readonly since: number; readonly reason: string; readonly retryAt?: number }
  | { readonly kind: "signedOut"; readonly since: number };

export type ConnectionEvent =
  /** What is shown is up to date and changes arrive. */
  | { readonly kind: "live" }
  /** Nothing arrives any more, or the line was closed. `retryAt`: when it is tried again. */
  | { readonly kind: "lost"; readonly reason: string; readonly retryAt?: number }
  /** The server wants to know who is asking. */
  | { readonly kind: "signedOut" }
  /** Somebody has signed in: it begins anew. */
  | { readonly kind: "signedIn" };

/** The same object where nothing changes. A loss lasts from its first sign on, however often it is tried again. */
export function nextConnection(state: Connection, event: ConnectionEvent, now: number): Connection {
  switch (event.kind) {
    case "live":
      return state.kind === "live" ? state : { kind: "live", since: now };
    case "lost": {
      const since = state.kind === "lost" || state.kind === "connecting" ? state.since : now;
      return { kind: "lost", since, reason: event.reason, retryAt: event.retryAt };
    }
    case "signedOut":
      return state.kind === "signedOut" ? state : { kind: "signedOut", since: now };
    case "signedIn":
      return state.kind === "signedOut" ? { kind: "connecting", since: now } : state;
  }
}

/** What is shown may be old. */
export function isOld({ kind }: Connection): boolean {
  return kind === "lost" || kind === "signedOut";
}
