/** The forms in which esxcli prints lists and structures: tables, `Key: value` blocks, csv, xml. */

export interface Column {
  /** Heading of the table; csv and xml use it without blanks. */
  readonly name: string;
  /** Numbers and booleans stand to the right. */
  readonly type: "string" | "integer" | "boolean";
}
export type Row = readonly string[];
export type Formatter = "default" | "csv" | "xml";

/** What a namespace answers: a list, one structure, or one bare value. */
export type EsxcliAnswer =
  | {
      readonly kind: "table" | "blocks" | "structure";
      readonly type: string;
      readonly columns: readonly Column[];
      readonly rows: readonly Row[];
    }
  | { readonly kind: "value"; readonly value: string };

/** Columns two blanks apart, ruled by dashes; the last column is not padded. */
export function asTable(columns: readonly Column[], rows: readonly Row[]): string {
  const widths = columns.map((column, index) =>
    Math.max(column.name.length, ...rows.map((row) => cell(row, index).length)),
  );
  const line = (cells: Row, heading: boolean): string =>
    cells
      .map((text, index) => {
        const width = widths[index] ?? 0;
        const right = columns[index]?.type !== "string" && (!heading || columns[index]?.type === "integer");
        return right ? text.padStart(width) : text.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  const heading = line(
    columns.map((column) => column.name),
    true,
  );
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [heading, rule, ...rows.map((row) => line(row, false)), ""].join("\n");
}

/** `   Key: value`; an empty value leaves `Key: `. */
export function asBlock(columns: readonly Column[], row: Row): string {
  return columns.map((column, index) => `   ${column.name}: ${cell(row, index)}\n`).join("");
}

/** Columns sorted by name; every line ends in a comma, the heading too. */
export function asCsv(columns: readonly Column[], rows: readonly Row[]): string {
  const order = sortedOrder(columns);
  const line = (cells: Row): string => `${order.map((index) => quoted(cell(cells, index))).join(",")},\n`;
  return line(columns.map((column) => keyOf(column))) + rows.map(line).join("");
}

/** `type` names the structure, such as `VirtualMachine`. */
export function asXml(type: string, columns: readonly Column[], rows: readonly Row[]): string {
  const order = sortedOrder(columns);
  const field = (row: Row, index: number): string => {
    const column = columns[index];
    if (column === undefined) return "";
    const value = `<${column.type}>${escaped(cell(row, index))}</${column.type}>`;
    return `         <field name="${keyOf(column)}">\n            ${value}\n         </field>\n`;
  };
  const structures = rows.map(
    (row) =>
      `      <structure typeName="${type}">\n${order.map((index) => field(row, index)).join("")}      </structure>\n`,
  );
  const head = '<?xml version="1.0" encoding="utf-8"?>\n';
  const open = '<output xmlns="http://www.vmware.com/Products/ESX/5.0/esxcli">\n<root>\n';
  return `${head}${open}   <list type="structure">\n${structures.join("")}   </list>\n</root>\n</output>\n`;
}

function cell(row: Row, index: number): string {
  return row[index] ?? "";
}

function keyOf(column: Column): string {
  return column.name.replaceAll(" ", "");
}

function sortedOrder(columns: readonly Column[]): number[] {
  return columns
    .map((_, index) => index)
    .sort((a, b) => {
      const left = keyOf(columns[a] ?? { name: "", type: "string" });
      const right = keyOf(columns[b] ?? { name: "", type: "string" });
      return left < right ? -1 : 1;
    });
}

function quoted(value: string): string {
  return /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function escaped(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
