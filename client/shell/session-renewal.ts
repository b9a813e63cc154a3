import { onCleanup } from "solid-js";
import { ApiFailure } from "../api/failure.ts";
import { useApp } from "../context.ts";

const renewEveryMs = 10 * 60_000;

/** Prolongs the session while somebody acts: a stream that stays open does not. */
export function useSessionRenewal(): void {
  const { api, connection, inventory } = useApp();
  let renewedAt = Date.now();

  function onAct(): void {
    if (Date.now() - renewedAt < renewEveryMs || connection().kind !== "live") return;
    if (inventory.about()?.viewer.signedInBy !== "SESSION") return;
    renewedAt = Date.now();
    // A loss is told by the connection.
    api.session.read().catch((error: unknown) => {
      if (!(error instanceof ApiFailure)) throw error;
    });
  }

  const ending = new AbortController();
  onCleanup(() => ending.abort());
  for (const act of ["keydown", "pointerdown"]) {
    window.addEventListener(act, onAct, { signal: ending.signal, passive: true, capture: true });
  }
}
