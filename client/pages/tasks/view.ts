/** What the page shows, as the address says it. Pure. */
import { kindWords, taskStateWords } from "../../format/task-words.ts";
import type { TaskKind, TaskState } from "../../gql/graphql.ts";
import type { TaskView } from "../../tasks/filter.ts";

export const states = Object.keys(taskStateWords) as readonly TaskState[];
export const kinds = Object.keys(kindWords) as readonly TaskKind[];

/** Whatever somebody typed into the address gives a view: what is not understood is left out. */
export function parseView(search: string): TaskView {
  const params = new URLSearchParams(search);
  const node = params.get("node");
  return {
    states: states.filter((state) => params.getAll("state").includes(state)),
    kinds: kinds.filter((kind) => params.getAll("kind").includes(kind)),
    ...(node ? { node } : {}),
  };
}

/** The address of a view, with the task that is opened; without a question mark, empty for the default. */
export function printView({ states: shown, kinds: wanted, node }: TaskView, task?: string): string {
  const params = new URLSearchParams();
  for (const state of shown) params.append("state", state);
  for (const kind of wanted) params.append("kind", kind);
  if (node !== undefined) params.set("node", node);
  if (task !== undefined) params.set("task", task);
  return params.toString();
}

export function isFiltered({ states: shown, kinds: wanted, node }: TaskView): boolean {
  return shown.length + wanted.length > 0 || node !== undefined;
}

export function toggled<Value>(list: readonly Value[], value: Value): readonly Value[] {
  return list.includes(value) ? list.filter((one) => one !== value) : [...list, value];
}
