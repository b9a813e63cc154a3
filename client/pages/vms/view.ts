/** How the list is looked at: what is searched, filtered, ordered and shown. It lives in the address. Pure. */
import type { PowerState } from "../../gql/graphql.ts";
import { columnOf, columns, defaultColumns } from "./columns.ts";

export interface View {
  /** Words that must all be found in name, hostname, IP address or comment. */
  readonly text: string;
  /** On one of these; empty: on any. */
  readonly nodes: readonly string[];
  readonly powers: readonly PowerState[];
  /** Reaches all of these limits. */
  readonly limits: readonly Limit[];
  /** Only those whose last reading failed. */
  readonly stale: boolean;
  readonly order: readonly Order[];
  /** Keys of the columns that are shown, in the order of `columns`. */
  readonly columns: readonly string[];
  readonly dense: boolean;
}

export type Limit = "any" | "cpu" | "ram" | "storage";
export const limits: readonly Limit[] = ["any", "cpu", "ram", "storage"];
export const powers: readonly PowerState[] = ["ON", "OFF", "SUSPENDED", "UNKNOWN"];

export interface Order {
  readonly column: string;
  readonly descending: boolean;
}

export const defaultView: View = {
  text: "",
  nodes: [],
  powers: [],
  limits: [],
  stale: false,
  order: [{ column: "name", descending: false }],
  columns: defaultColumns,
  dense: false,
};

/** Whatever somebody typed into the address gives a view: what is not understood is left out. */
export function parseView(search: string): View {
  const params = new URLSearchParams(search);
  const shown = params.get("columns")?.split(",");
  const order = (params.get("sort") ?? "").split(",").flatMap(parseOrder);
  return {
    text: params.get("q") ?? "",
    nodes: params.getAll("node"),
    powers: params.getAll("power").filter((value) => powers.some((power) => power === value)) as PowerState[],
    limits: params.getAll("over").filter((value) => limits.some((limit) => limit === value)) as Limit[],
    stale: params.has("stale"),
    order: order.length > 0 ? order : defaultView.order,
    columns: shown ? inOrder(shown) : defaultView.columns,
    dense: params.has("dense"),
  };
}

function parseOrder(word: string): readonly Order[] {
  const descending = word.startsWith("-");
  const column = descending ? word.slice(1) : word;
  return columnOf(column) === undefined ? [] : [{ column, descending }];
}

/** Without a name a row says nothing. */
function inOrder(keys: readonly string[]): readonly string[] {
  return columns.map(({ key }) => key).filter((key) => key === "name" || keys.includes(key));
}

/** Only what differs from the default; empty for the default. Without a question mark. */
export function printView(view: View): string {
  const params = new URLSearchParams();
  if (view.text) params.set("q", view.text);
  for (const node of view.nodes) params.append("node", node);
  for (const power of view.powers) params.append("power", power);
  for (const limit of view.limits) params.append("over", limit);
  if (view.stale) params.set("stale", "");
  const sort = view.order.map(({ column, descending }) => (descending ? `-${column}` : column)).join(",");
  if (sort !== "name") params.set("sort", sort);
  const shown = view.columns.join(",");
  if (shown !== defaultView.columns.join(",")) params.set("columns", shown);
  if (view.dense) params.set("dense", "");
  return params.toString();
}

export function isFiltered({ text, nodes, powers, limits, stale }: View): boolean {
  return text.trim() !== "" || nodes.length + powers.length + limits.length > 0 || stale;
}

/** The form for a new VM: on the node that is looked at, if it is one. */
export function createHref({ nodes }: View): string {
  const [only] = nodes;
  return nodes.length === 1 && only !== undefined ? `/create?node=${encodeURIComponent(only)}` : "/create";
}

export function withoutFilters(view: View): View {
  const { text, nodes, powers, limits, stale } = defaultView;
  return { ...view, text, nodes, powers, limits, stale };
}

/** The list without the value where it is in it, with it where it is not. */
export function toggled<Value>(list: readonly Value[], value: Value): readonly Value[] {
  return list.includes(value) ? list.filter((one) => one !== value) : [...list, value];
}

export function withColumnToggled(view: View, key: string): View {
  return { ...view, columns: inOrder(toggled(view.columns, key)) };
}

/** A click orders by the column, a second one turns it round; with shift it joins the others, and leaves at the third. */
export function orderedBy(view: View, column: string, joins: boolean): View {
  const present = view.order.find((one) => one.column === column);
  if (!joins) {
    const turns = present !== undefined && view.order.length === 1 && !present.descending;
    return { ...view, order: [{ column, descending: turns }] };
  }
  if (present === undefined) return { ...view, order: [...view.order, { column, descending: false }] };
  const order = present.descending
    ? view.order.filter((one) => one !== present)
    : view.order.map((one) => (one === present ? { column, descending: true } : one));
  return { ...view, order: order.length > 0 ? order : defaultView.order };
}
