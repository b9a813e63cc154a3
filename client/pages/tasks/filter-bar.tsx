import { createMemo, For, type JSX, Show } from "solid-js";
import { useApp } from "../../context.ts";
import { kindWords, taskStateWords } from "../../format/task-words.ts";
import { everyTask, type TaskView } from "../../tasks/filter.ts";
import { isFiltered, kinds, states, toggled } from "./view.ts";

export interface FilterBarProps {
  readonly view: TaskView;
  readonly onChange: (view: TaskView) => void;
}

/** By state, kind and node: one press each. */
export function FilterBar(props: FilterBarProps): JSX.Element {
  return (
    <div class="tasks-filters" role="group" aria-label="Filters">
      <For each={states}>
        {(state) => (
          <Toggle
            label={taskStateWords[state]}
            isOn={props.view.states.includes(state)}
            onToggle={() => props.onChange({ ...props.view, states: toggled(props.view.states, state) })}
          />
        )}
      </For>
      <span class="tasks-line" />
      <For each={kinds}>
        {(kind) => (
          <Toggle
            label={kindWords[kind]}
            isOn={props.view.kinds.includes(kind)}
            onToggle={() => props.onChange({ ...props.view, kinds: toggled(props.view.kinds, kind) })}
          />
        )}
      </For>
      <span class="tasks-line" />
      <NodeChoice {...props} />
      <Show when={isFiltered(props.view)}>
        <button type="button" class="button" data-look="bare" onClick={() => props.onChange(everyTask)}>
          Show all
        </button>
      </Show>
    </div>
  );
}

interface ToggleProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onToggle: () => void;
}

function Toggle(props: ToggleProps): JSX.Element {
  return (
    <button type="button" class="button" aria-pressed={props.isOn} onClick={props.onToggle}>
      {props.label}
    </button>
  );
}

function NodeChoice(props: FilterBarProps): JSX.Element {
  const { inventory } = useApp();
  /** The one in the address too: its tasks are on record after it left hosts.yml. */
  const names = createMemo(() => {
    const all = new Set(inventory.nodes().keys());
    if (props.view.node !== undefined) all.add(props.view.node);
    return [...all].sort();
  });
  return (
    <select
      class="field"
      aria-label="Node"
      onChange={({ currentTarget: { value } }) =>
        props.onChange({ ...props.view, node: value === "" ? undefined : value })
      }
    >
      <option value="" selected={props.view.node === undefined}>
        All nodes
      </option>
      <For each={names()}>
        {(name) => (
          <option value={name} selected={props.view.node === name}>
            {name}
          </option>
        )}
      </For>
    </select>
  );
}
