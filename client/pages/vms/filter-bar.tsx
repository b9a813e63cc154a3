import { createMemo, For, type JSX, Show } from "solid-js";
import { useApp } from "../../context.ts";
import { powerWords } from "../../format/words.ts";
import type { Vm } from "../../inventory/state.ts";
import { LazyCheckMenu } from "../../ui/lazy-check-menu.tsx";
import type { PageModel } from "./page-model.ts";
import { isFiltered, type Limit, limits, powers, toggled, withoutFilters } from "./view.ts";

const limitWords: Readonly<Record<Limit, string>> = { any: "Marked", cpu: "CPU", ram: "RAM", storage: "Storage" };

/** One press each: which power states, which limits, which nodes. The numbers are those of all VMs. */
export function FilterBar(props: { readonly model: PageModel }): JSX.Element {
  const { inventory } = useApp();
  const { view, change } = props.model;
  const count = (matches: (vm: Vm) => boolean) => {
    let found = 0;
    for (const vm of inventory.vms().values()) if (matches(vm)) found += 1;
    return found;
  };
  const nodeItems = createMemo(() =>
    [...inventory.nodes().values()]
      .map(({ name, vmCounts }) => ({
        key: name,
        label: name,
        isChecked: view().nodes.includes(name),
        detail: String(vmCounts.total),
      }))
      .toSorted((a, b) => (a.label < b.label ? -1 : 1)),
  );
  return (
    <div class="bar" role="group" aria-label="Filters">
      <For each={powers}>
        {(power) => {
          const found = createMemo(() => count((vm) => vm.powerState === power));
          const isOn = () => view().powers.includes(power);
          return (
            <Show when={power !== "UNKNOWN" || found() > 0 || isOn()}>
              <Toggle
                label={powerWords[power]}
                count={found()}
                isOn={isOn()}
                onToggle={() => change((now) => ({ ...now, powers: toggled(now.powers, power) }))}
              />
            </Show>
          );
        }}
      </For>
      <span class="bar-line" />
      <For each={limits}>
        {(limit) => {
          const found = createMemo(() => count((vm) => vm.exceedsThreshold[limit]));
          return (
            <Toggle
              label={limitWords[limit]}
              title={
                limit === "any" ? "At or above at least one limit" : `At or above the limit of ${limitWords[limit]}`
              }
              isMark
              count={found()}
              isOn={view().limits.includes(limit)}
              onToggle={() => change((now) => ({ ...now, limits: toggled(now.limits, limit) }))}
            />
          );
        }}
      </For>
      <span class="bar-line" />
      <Toggle
        label="Stale"
        title="Their last reading failed: what is shown is their last known state"
        count={createMemo(() => count(({ stale }) => stale))()}
        isOn={view().stale}
        onToggle={() => change((now) => ({ ...now, stale: !now.stale }))}
      />
      <LazyCheckMenu
        label={nodesLabel(view().nodes)}
        icon="nodes"
        isSet={view().nodes.length > 0}
        items={nodeItems()}
        onToggle={(name) => change((now) => ({ ...now, nodes: toggled(now.nodes, name) }))}
        reset={{ label: "All nodes", run: () => change((now) => ({ ...now, nodes: [] })) }}
      />
      <Show when={isFiltered(view())}>
        <button type="button" class="button" data-look="bare" onClick={() => change(withoutFilters)}>
          Show all
        </button>
      </Show>
    </div>
  );
}

function nodesLabel(nodes: readonly string[]): string {
  const [only] = nodes;
  if (only === undefined) return "Node";
  return nodes.length === 1 ? only : `${nodes.length} nodes`;
}

interface ToggleProps {
  readonly label: string;
  readonly title?: string;
  readonly count: number;
  readonly isOn: boolean;
  readonly isMark?: boolean;
  readonly onToggle: () => void;
}

function Toggle(props: ToggleProps): JSX.Element {
  return (
    <button type="button" class="button" title={props.title} aria-pressed={props.isOn} onClick={props.onToggle}>
      <Show when={props.isMark}>
        <span class="sign" aria-hidden="true">
          ▲
        </span>
      </Show>
      {props.label} <span class="number">{props.count.toLocaleString("en")}</span>
    </button>
  );
}
