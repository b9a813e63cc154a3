/**
 * The text of a .vmx: lines of `name = "value"`. Names are read without regard to case; `|HH` in any value is one byte, values are
 * UTF-8; a line that is none of this says nothing.
 */
export interface VmxText {
  /** By name in lower case. Of a name that is given twice, the last. */
  readonly entries: ReadonlyMap<string, string>;
  /** Names given more than once, in lower case. */
  readonly repeated: readonly string[];
}

export function parseVmx(text: string): VmxText {
  const entries = new Map<string, string>();
  const repeated: string[] = [];
  for (const line of text.split("\n")) {
    const match = /^\s*([^#=\s]+)\s*=\s*(?:"([^"]*)"|([^\s"#]*))\s*(?:#.*)?$/.exec(line);
    if (!match) continue;
    const name = (match[1] ?? "").toLowerCase();
    if (entries.has(name)) repeated.push(name);
    entries.set(name, unescapeVmx(match[2] ?? match[3] ?? ""));
  }
  return { entries, repeated };
}

function unescapeVmx(value: string): string {
  const bytes = Buffer.from(value, "utf8").toString("latin1");
  const plain = bytes.replaceAll(/\|([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(plain, "latin1").toString("utf8");
}

/** Quotes, bars and control characters but tab become `|` and two hex digits. */
export function escapeVmx(value: string): string {
  const hex = (char: string): string => `|${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
  // oxlint-disable-next-line no-control-regex
  return value.replaceAll(/["|\u007f\u0000-\u0008\u000a-\u001f]/g, hex);
}

export function vmxLines(entries: readonly (readonly [name: string, value: string])[]): string {
  return entries.map(([name, value]) => `${name} = "${escapeVmx(value)}"\n`).join("");
}
