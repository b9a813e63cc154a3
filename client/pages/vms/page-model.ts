/** The state of the page, shared by its parts: the view, the rows, the cursor and the selection. */
import { type Accessor, createMemo, createSignal } from "solid-js";
import type { PowerAction } from "../../gql/graphql.ts";
import type { Inventory } from "../../inventory/inventory.ts";
import type { Vm } from "../../inventory/state.ts";
import { type Column, columnOf } from "./columns.ts";
import { createEntries } from "./entries.ts";
import { extend, nothingSelected, selectAll, selectedOf, toggle } from "./selection.ts";
import { useView } from "./use-view.ts";
import type { View } from "./view.ts";

export interface PageModel {
  readonly view: Accessor<View>;
  readonly change: (change: (view: View) => View) => void;
  readonly columns: Accessor<readonly Column[]>;
  readonly ids: Accessor<readonly string[]>;
  readonly creating: Accessor<readonly string[]>;
  /** The row that keys act on, as an index into `ids`; -1 before any was chosen. */
  readonly cursor: Accessor<number>;
  readonly moveTo: (index: number) => void;
  /** Ids, in the order that is shown. */
  readonly selected: Accessor<readonly string[]>;
  readonly isSelected: (id: string) => boolean;
  readonly toggle: (id: string) => void;
  /** Up to this row, from where the selection began. */
  readonly extendTo: (id: string) => void;
  readonly selectAll: () => void;
  readonly selectNone: () => void;
  /** What is being asked before it is done. */
  readonly asked: Accessor<Question | undefined>;
  /** For the selected VMs, or for the one under the cursor. */
  readonly ask: (action: PowerAction) => void;
  readonly closeQuestion: () => void;
}

export interface Question {
  readonly action: PowerAction;
  readonly vms: readonly Vm[];
}

export function createPageModel(inventory: Inventory): PageModel {
  const [view, change] = useView();
  const { ids, creating } = createEntries(inventory, view);
  const [selection, setSelection] = createSignal(nothingSelected);
  const [cursorId, setCursorId] = createSignal<string>();
  const [asked, setAsked] = createSignal<Question>();
  const selected = createMemo(() => selectedOf(selection(), ids()));
  const places = createMemo(() => new Map(ids().map((id, index) => [id, index])));

  return {
    view,
    change,
    columns: createMemo(() => view().columns.flatMap((key) => columnOf(key) ?? [])),
    ids,
    creating,
    cursor: createMemo(() => places().get(cursorId() ?? "") ?? -1),
    moveTo: (index) => setCursorId(ids()[Math.max(0, Math.min(index, ids().length - 1))]),
    selected,
    isSelected: (id) => selection().ids.has(id),
    toggle: (id) => setSelection((all) => toggle(all, id)),
    extendTo: (id) => setSelection((all) => extend(all, id, ids())),
    selectAll: () => setSelection(selectAll(ids())),
    selectNone: () => setSelection(nothingSelected),
    asked,
    ask(action) {
      const chosen = selected().length > 0 ? selected() : [cursorId() ?? ""];
      const vms = chosen.flatMap((id) => inventory.vms().get(id) ?? []);
      if (vms.length > 0) setAsked({ action, vms });
    },
    closeQuestion: () => setAsked(undefined),
  };
}
