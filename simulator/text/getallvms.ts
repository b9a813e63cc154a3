/**
 * The table of `vim-cmd vmsvc/getallvms`, as measured over captures of 5.x to 9.0: columns as wide as their longest cell (in
 * bytes, a newline of a note counts one), three blanks between them, headings centred, every cell padded, notes raw, rows in
 * string order of the vmid.
 */
import type { Vm } from "../world/vm.ts";
import { datastorePathOf } from "../world/vm.ts";

const headings = ["Vmid", "Name", "File", "Guest OS", "Version", "Annotation"] as const;

export function getallvmsText(vms: readonly Vm[]): string {
  const listed = vms.filter((vm) => !vm.invalid).sort(byString);
  const rows = listed.map((vm) => [
    String(vm.vmid),
    vm.name,
    datastorePathOf(vm),
    vm.guestId,
    vm.hardwareVersion,
    vm.note,
  ]);
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => bytes(row[column] ?? ""))),
  );
  const head = headings.map((heading, column) => centred(heading, widths[column] ?? 0)).join("   ");
  const body = rows.map((row) => row.map((cell, column) => padded(cell, widths[column] ?? 0)).join("   "));
  return [head, ...body, ""].join("\n");
}

/** One line per VM that hostd can't load; they come before the header. */
export function skippedText(vms: readonly Vm[]): string {
  return vms
    .filter((vm) => vm.invalid)
    .map((vm) => `Skipping invalid VM '${vm.vmid}'\n`)
    .join("");
}

function byString(a: Vm, b: Vm): number {
  return String(a.vmid) < String(b.vmid) ? -1 : 1;
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}

function padded(text: string, width: number): string {
  return text + " ".repeat(width - bytes(text));
}

function centred(heading: string, width: number): string {
  const left = Math.floor((width - heading.length) / 2);
  return padded(" ".repeat(left) + heading, width);
}
