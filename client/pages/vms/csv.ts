/** The list as a file for spreadsheets. Pure. */
import type { Vm } from "../../inventory/state.ts";
import type { Column } from "./columns.ts";

/** RFC 4180, with CRLF and a byte order mark, by which spreadsheets know UTF-8. */
export function toCsv(vms: readonly Vm[], shown: readonly Column[], now: number): string {
  const header = shown.map(({ label, csvLabel }) => csvLabel ?? label);
  const rows = vms.map((vm) => shown.map(({ csv, text }) => (csv ?? text)(vm, () => now)));
  return `\uFEFF${[header, ...rows].map((row) => row.map(field).join(",")).join("\r\n")}\r\n`;
}

/** What a host prints must not become a formula: a text that a spreadsheet would run gets an apostrophe before it. */
function field(value: string | number | null): string {
  if (typeof value !== "string") return String(value ?? "");
  const harmless = /^[\s]*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) || harmless !== harmless.trim() ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
