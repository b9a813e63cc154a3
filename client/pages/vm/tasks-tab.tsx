import { createMemo, type JSX } from "solid-js";
import { everyTask } from "../../tasks/filter.ts";
import { createHistory } from "../../tasks/history.ts";
import { TaskList } from "../../tasks/task-list.tsx";
import type { VmProps } from "./values.ts";

/** Everything that was done to it, as far as the record goes. */
export function TasksTab(props: VmProps): JSX.Element {
  const id = createMemo(() => props.vm().id);
  const history = createHistory(createMemo(() => ({ ...everyTask, vmId: id() })));
  return <TaskList history={history} empty={<p class="soft">Nothing was done to it so far.</p>} />;
}
