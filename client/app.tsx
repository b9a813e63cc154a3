/** The whole client, from the line to the server up to the router. */
import { Router } from "@solidjs/router";
import { createSignal, type JSX, onCleanup } from "solid-js";
import { createApi } from "./api/api.ts";
import { type Connection, type ConnectionEvent, nextConnection } from "./api/connection.ts";
import { type AppContext, Context } from "./context.ts";
import { followInventory } from "./inventory/follow.ts";
import { createInventory } from "./inventory/inventory.ts";
import { routes } from "./routes.tsx";
import { Shell } from "./shell/shell.tsx";
import { createShortcuts } from "./shell/shortcuts.ts";
import { createToasts } from "./shell/toasts.ts";

export function App(): JSX.Element {
  return (
    <Context.Provider value={createAppContext()}>
      <Router root={Shell}>{routes}</Router>
    </Context.Provider>
  );
}

function createAppContext(): AppContext {
  const api = createApi(new URL("/graphql", location.href).href);
  const inventory = createInventory();
  const [connection, setConnection] = createSignal<Connection>({ kind: "connecting", since: Date.now() });
  const tell = (event: ConnectionEvent): void => {
    setConnection((state) => nextConnection(state, event, Date.now()));
  };
  const follower = followInventory({ api, inventory, tell });
  onCleanup(follower.stop);
  listenToBrowser(follower.retry);
  return {
    api,
    inventory,
    connection,
    now: createClock(),
    toasts: createToasts(),
    shortcuts: createShortcuts(),
    retry: follower.retry,
    signedIn() {
      tell({ kind: "signedIn" });
      follower.retry();
    },
  };
}

/** The browser knows first when the network is back and when somebody looks again; that it is gone, the heartbeat tells. */
function listenToBrowser(retry: () => void): void {
  const ending = new AbortController();
  const { signal } = ending;
  onCleanup(() => ending.abort());
  window.addEventListener("online", retry, { signal });
  document.addEventListener("visibilitychange", () => document.hidden || retry(), { signal });
}

function createClock() {
  const [now, setNow] = createSignal(Date.now());
  const timer = setInterval(() => setNow(Date.now()), 1000);
  onCleanup(() => clearInterval(timer));
  return now;
}
