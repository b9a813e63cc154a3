import type { Vm } from "../../inventory/state.ts";
import type { Column } from "./columns.ts";
import { toCsv } from "./csv.ts";

/** Hands the browser a file of exactly what is shown, named after the day. */
export function downloadCsv(vms: readonly Vm[], columns: readonly Column[]): void {
  const now = Date.now();
  const url = URL.createObjectURL(new Blob([toCsv(vms, columns, now)], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `vms-${new Date(now).toISOString().slice(0, 10)}.csv`;
  link.click();
  URL.revokeObjectURL(url);
}
