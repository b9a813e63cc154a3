import { A } from "@solidjs/router";
import { createMemo, For, type JSX, Show } from "solid-js";
import { useApp } from "../../context.ts";
import type { Node } from "../../inventory/state.ts";
import { Fault } from "./field.tsx";
import { fitOf } from "./fit.ts";
import type { PageModel } from "./page-model.ts";
import "./node-chooser.css";

/** Every node with what is free on it, and what it lacks for the size that is wanted. */
export function NodeChooser(props: { readonly model: PageModel }): JSX.Element {
  const { inventory } = useApp();
  const names = createMemo<readonly string[]>((before) => {
    const now = [...inventory.nodes().keys()].toSorted();
    return before.join("\n") === now.join("\n") ? before : now;
  }, []);
  return (
    <fieldset class="form-section" aria-describedby="create-node-fault" data-field="node">
      <legend>Node</legend>
      <div class="node-choices">
        <For
          each={names()}
          fallback={
            <p class="hint">
              There is no node yet. <A href="/nodes">What to do</A>
            </p>
          }
        >
          {(name) => {
            const node = inventory.node(() => name);
            return <Show when={node()}>{(known) => <Choice model={props.model} node={known()} />}</Show>;
          }}
        </For>
      </div>
      <Fault id="create-node-fault" text={props.model.fault("node")} />
    </fieldset>
  );
}

function Choice(props: { readonly model: PageModel; readonly node: Node }): JSX.Element {
  const { form, set } = props.model;
  const fit = createMemo(() => fitOf(props.node, form()));
  const isChosen = () => form().node === props.node.name;
  const cannot = () => fit().lacks.length > 0;
  return (
    <label class="node-choice" data-chosen={isChosen() ? "" : undefined} data-cannot={cannot() ? "" : undefined}>
      <input
        type="radio"
        name="node"
        value={props.node.name}
        checked={isChosen()}
        disabled={cannot() && !isChosen()}
        onChange={() => set({ node: props.node.name })}
      />
      <span class="node-choice-name clip">{props.node.name}</span>
      <span class="node-choice-free">
        <span>{fit().cpu}</span>
        <span>{fit().memory}</span>
        <span class="clip">{fit().storage}</span>
      </span>
      <Show when={cannot()}>
        <span class="node-choice-lacks">Can't take it: {fit().lacks.join(", ")}</span>
      </Show>
      <Show when={!cannot() && fit().warnings.length > 0}>
        <span class="node-choice-lacks">
          <span class="mark">{fit().warnings.join(", ")}</span>
        </span>
      </Show>
    </label>
  );
}
