/**
 * The format of a .vmx file: lines `key = "value"`. In a value `"`, `|`, DEL and control characters but tab are written as
 * `|` and two hex digits; everything else stands as it is, in UTF-8 (VMware's own dictionary code in open-vm-tools). A raw
 * line break in a note would be a line of its own, with another VM's disk on it.
 */
export type VmxEntry = readonly [key: string, value: string];

/** A line each; none holds a line break or NUL. */
export function vmxLines(entries: readonly VmxEntry[]): readonly string[] {
  return entries.map(([key, value]) => `${key} = "${escaped(value)}"`);
}

export function vmxText(entries: readonly VmxEntry[]): string {
  return `${vmxLines(entries).join("\n")}\n`;
}

function escaped(value: string): string {
  // oxlint-disable-next-line no-control-regex
  return value.replaceAll(/["|\x7f\x00-\x08\x0a-\x1f]/g, hexCode);
}

function hexCode(character: string): string {
  return `|${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
