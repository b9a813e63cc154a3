/** What every page can reach. Made once, in app.tsx. */
import { type Accessor, createContext, useContext } from "solid-js";
import type { Api } from "./api/api.ts";
import type { Connection } from "./api/connection.ts";
import type { Inventory } from "./inventory/inventory.ts";
import type { Shortcuts } from "./shell/shortcuts.ts";
import type { Toasts } from "./shell/toasts.ts";

export interface AppContext {
  readonly api: Api;
  readonly inventory: Inventory;
  readonly connection: Accessor<Connection>;
  /** This browser's clock in ms, ticking once a second. Server times: add `inventory.clockOffset()`. */
  readonly now: Accessor<number>;
  readonly toasts: Toasts;
  readonly shortcuts: Shortcuts;
  /** Tries a lost connection again at once. */
  readonly retry: () => void;
  /** Call it when somebody has signed in: everything is read anew. */
  readonly signedIn: () => void;
}

export const Context = createContext<AppContext>();

export function useApp(): AppContext {
  const context = useContext(Context);
  if (context === undefined) throw new Error("useApp is called outside of the app");
  return context;
}
