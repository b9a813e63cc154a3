import { createMemo, For, type JSX, Show } from "solid-js";
import { divide, type PowerWords, powerActions } from "../../actions/power.ts";
import { isOld } from "../../api/connection.ts";
import { useApp } from "../../context.ts";
import { countText } from "../../format/words.ts";
import type { PageModel } from "./page-model.ts";

export interface PowerBarProps {
  readonly model: PageModel;
  readonly ref: (element: HTMLElement) => void;
}

/** Takes the place of the filters while rows are selected: what can be done with them, the forced ways apart. */
export function PowerBar(props: PowerBarProps): JSX.Element {
  const { selected, ids, selectAll, selectNone } = props.model;
  const graceful = powerActions.filter(({ isForced }) => !isForced);
  const forced = powerActions.filter(({ isForced }) => isForced);
  return (
    <div class="bar" role="group" aria-label="Actions for the selected VMs" ref={props.ref}>
      <For each={graceful}>{(words) => <PowerButton words={words} model={props.model} />}</For>
      <span class="bar-line" />
      <p class="count" role="status">
        <strong>
          {selected().length.toLocaleString("en")} of {ids().length.toLocaleString("en")}
        </strong>{" "}
        selected
      </p>
      <button type="button" class="button" data-look="bare" onClick={selectAll}>
        All
      </button>
      <button type="button" class="button" data-look="bare" onClick={selectNone}>
        None
      </button>
      <span class="bar-apart" />
      <For each={forced}>{(words) => <PowerButton words={words} model={props.model} />}</For>
    </div>
  );
}

function PowerButton(props: { readonly words: PowerWords; readonly model: PageModel }): JSX.Element {
  const { inventory, connection } = useApp();
  const division = createMemo(() => {
    const vms = props.model.selected().flatMap((id) => inventory.vms().get(id) ?? []);
    return divide(vms, props.words.action);
  });
  const why = createMemo(() => {
    if (isOld(connection())) return "There is no connection to the server";
    const [first, ...others] = division().unfit;
    if (division().fit.length > 0 || first === undefined) return undefined;
    const more = others.length > 0 ? `, and ${countText(others.length, "other")} can't take it either` : "";
    return `${first.vm.name} ${first.reason}${more}`;
  });
  return (
    <button
      type="button"
      class="button"
      data-look={props.words.isForced ? "danger" : undefined}
      disabled={why() !== undefined}
      title={why() ?? props.words.meaning}
      onClick={() => props.model.ask(props.words.action)}
    >
      {props.words.verb}
      <Show when={division().fit.length > 0 && division().unfit.length > 0}>
        {" "}
        <span class="number">{division().fit.length}</span>
      </Show>
    </button>
  );
}
