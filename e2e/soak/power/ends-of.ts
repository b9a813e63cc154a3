import type { Figures } from "../scenario.ts";
import type { PowerTask } from "./power-client.ts";

/** How many tasks ended how. */
export function endsOf(all: readonly { readonly task: PowerTask | undefined }[]): Figures {
  const groups = Object.groupBy(all, ({ task }) => `tasks ${task?.state} ${task?.code ?? ""}`.trim());
  return Object.fromEntries(Object.entries(groups).map(([end, of]) => [end, of?.length ?? 0]));
}
