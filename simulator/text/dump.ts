/**
 * The object format of vim-cmd: 3 blanks a level, `name = value`, strings raw and unescaped.
 * A comma is followed by one blank at the line's end. What has a comma differs by release: see Release.dumpForm.
 */
import type { Release } from "../release.ts";

export type DumpValue =
  | { readonly kind: "word"; readonly text: string }
  | { readonly kind: "object"; readonly type: string; readonly fields: readonly DumpField[]; readonly message?: string }
  | { readonly kind: "array"; readonly type: string; readonly items: readonly DumpValue[] };
export type DumpField = readonly [name: string, value: DumpValue];

export const unset: DumpValue = { kind: "word", text: "<unset>" };
export const text = (value: string): DumpValue => ({ kind: "word", text: `"${value}"` });
export const num = (value: number): DumpValue => ({ kind: "word", text: String(Math.round(value)) });
export const bool = (value: boolean): DumpValue => ({ kind: "word", text: String(value) });
export const ref = (type: string, id: string): DumpValue => ({ kind: "word", text: `'${type}:${id}'` });
export const none = (type: string): DumpValue => ({ kind: "word", text: `(${type}) null` });
export const object = (type: string, fields: readonly DumpField[]): DumpValue => ({ kind: "object", type, fields });
export const array = (type: string, items: readonly DumpValue[]): DumpValue => ({ kind: "array", type, items });
/** A fault: its fields, then `msg`. */
export const faultObject = (type: string, fields: readonly DumpField[], message: string): DumpValue => ({
  kind: "object",
  type,
  fields,
  message,
});

export function textOr(value: string | null): DumpValue {
  return value === null ? unset : text(value);
}

export function numOr(value: number | null): DumpValue {
  return value === null ? unset : num(value);
}

/** Microseconds, as hosts print times. */
export function time(ms: number | null): DumpValue {
  return ms === null ? unset : text(new Date(ms).toISOString().replace("Z", "000Z"));
}

/** One value, without a newline at its end. */
export function dump(value: DumpValue, release: Release, depth = 0): string {
  if (value.kind === "word") return value.text;
  const pad = "   ".repeat(depth + 1);
  const end = "   ".repeat(depth);
  if (value.kind === "array") {
    if (value.items.length === 0) return `(${value.type}) []`;
    const items = value.items.map((item) => pad + dump(item, release, depth + 1));
    return `(${value.type}) [\n${items.join(", \n")}\n${end}]`;
  }
  const lines = fieldsOf(value, release).map(([name, field]) => `${pad}${name} = ${dump(field, release, depth + 1)}`);
  return `(${value.type}) {\n${withCommas(lines, value.message !== undefined, release)}\n${end}}`;
}

type ObjectValue = Extract<DumpValue, { kind: "object" }>;

function fieldsOf(value: ObjectValue, release: Release): readonly DumpField[] {
  const first: DumpField[] = release.dumpForm === "classic" ? [["dynamicType", unset]] : [];
  const last: DumpField[] = value.message === undefined ? [] : [["msg", text(value.message)]];
  return [...first, ...faultHead(value, release), ...value.fields, ...last];
}

function faultHead(value: ObjectValue, release: Release): DumpField[] {
  if (value.message === undefined) return [];
  const cause: DumpField = ["faultCause", none("vmodl.MethodFault")];
  return release.dumpForm === "modern" && !value.fields.some(([name]) => name === "faultMessage")
    ? [cause, ["faultMessage", unset]]
    : [cause];
}

function withCommas(lines: readonly string[], isFault: boolean, release: Release): string {
  if (release.dumpForm === "classic") return lines.map((line) => `${line}, `).join("\n");
  const bare = isFault && release.dumpForm === "modern" ? 2 : 1;
  return lines.map((line, index) => (index < lines.length - bare ? `${line}, ` : line)).join("\n");
}
