import { A } from "@solidjs/router";
import { createMemo, type JSX, Show } from "solid-js";
import type { Task } from "../inventory/state.ts";
import { subjectOf, verbOf } from "./words.ts";

/** What it does to what, with links to the VM and its node. */
export function TaskTitle(props: { readonly task: Task }): JSX.Element {
  const vmHref = createMemo(() => {
    const { vm, vmId } = props.task;
    return vm === null || vmId === null ? undefined : `/vms/${encodeURIComponent(vmId)}`;
  });
  const node = createMemo(() => props.task.nodeName);
  const isOfNode = () => props.task.kind === "REFRESH_NODE";
  return (
    <span class="task-title">
      {verbOf(props.task)}{" "}
      <Show when={!isOfNode()}>
        <Show when={vmHref()} fallback={subjectOf(props.task)}>
          {(href) => (
            <A class="task-link" href={href()}>
              {subjectOf(props.task)}
            </A>
          )}
        </Show>{" "}
        <span class="soft">on</span>{" "}
      </Show>
      <A class="task-link" href={`/nodes/${encodeURIComponent(node())}`}>
        {node()}
      </A>
    </span>
  );
}
