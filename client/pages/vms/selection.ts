/** Which rows are selected, by id. Pure. */

export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** From where shift reaches to the row that is clicked. */
  readonly anchor: string | undefined;
}

export const nothingSelected: Selection = { ids: new Set(), anchor: undefined };

export function toggle({ ids }: Selection, id: string): Selection {
  const changed = new Set(ids);
  if (!changed.delete(id)) changed.add(id);
  return { ids: changed, anchor: id };
}

/** Adds everything from the anchor to this row, in the order that is shown. */
export function extend(selection: Selection, id: string, shown: readonly string[]): Selection {
  const from = selection.anchor === undefined ? -1 : shown.indexOf(selection.anchor);
  const to = shown.indexOf(id);
  if (from < 0 || to < 0) return { ids: new Set([...selection.ids, id]), anchor: id };
  const range = shown.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { ids: new Set([...selection.ids, ...range]), anchor: selection.anchor };
}

export function selectAll(shown: readonly string[]): Selection {
  return { ids: new Set(shown), anchor: shown[0] };
}

/** What is not shown (any more) is not selected: nobody acts on what he does not see. */
export function selectedOf({ ids }: Selection, shown: readonly string[]): readonly string[] {
  return ids.size === 0 ? [] : shown.filter((id) => ids.has(id));
}
