/** What a resolver can reach: the ports, who is asking, and loaders that live as long as the request. */
import type { Viewer } from "../auth/viewer.ts";
import type { Clock } from "../clock.ts";
import type { Inventory } from "../inventory.ts";
import type { NodeThresholds, Timestamp, VmThresholds } from "../model.ts";
import { createLoaders, type Loaders } from "./loaders.ts";
import type { TaskLog, TaskRequests } from "./ports.ts";

export interface ContextParts {
  readonly inventory: Inventory;
  readonly tasks: TaskRequests;
  readonly taskLog: TaskLog;
  readonly serverInfo: ServerInfo;
  readonly clock: Clock;
}

/** What does not change while the server runs. */
export interface ServerInfo {
  /** ECoMan's own version. */
  readonly version: string;
  /** The kind of store, such as `sqlite`. */
  readonly store: string;
  readonly startedAt: Timestamp;
  /** The limits that hold for nodes without ones of their own. */
  readonly vmThresholds: VmThresholds;
  readonly nodeThresholds: NodeThresholds;
}

export interface Context extends ContextParts {
  readonly viewer: Viewer;
  readonly loaders: Loaders;
}

/** A fresh context for one operation. */
export function createContext(parts: ContextParts, viewer: Viewer): Context {
  return { ...parts, viewer, loaders: createLoaders(parts.taskLog, parts.inventory) };
}
