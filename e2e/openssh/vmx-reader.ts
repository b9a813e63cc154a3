/**
 * An independent reader of .vmx files, as strict as a suspicious person: what a host's reader would overlook or mend, it
 * refuses. It knows nothing of the server's writer.
 *
 * A line is `name = "value"`. A name has no blank, `=`, `#` or quote, and is the same in any case. A value has no raw quote and
 * no raw control character but tab; `|` and two hex digits are one byte, and stand for nothing that needs none.
 */

/** Name in lower case → value. @throws Error for a malformed line, a name that comes twice, a byte that is no UTF-8 */
export function readVmx(bytes: Uint8Array): ReadonlyMap<string, string> {
  const text = decoded(bytes);
  if (!text.endsWith("\n")) throw new Error("The last line does not end.");
  const entries = new Map<string, string>();
  for (const line of text.slice(0, -1).split("\n")) {
    // oxlint-disable-next-line no-control-regex
    const found = /^([^\s="#|\x00-\x1f\x7f]+) = "([^"\x00-\x08\x0a-\x1f\x7f]*)"$/.exec(line);
    if (found === null) throw new Error(`Malformed: ${JSON.stringify(line)}`);
    const [, name = "", value = ""] = found;
    const key = name.toLowerCase();
    if (entries.has(key)) throw new Error(`Twice: ${key}`);
    entries.set(key, unescaped(value));
  }
  if (entries.get(".encoding") !== "UTF-8") throw new Error("It does not say that it is UTF-8.");
  return entries;
}

function unescaped(value: string): string {
  const bytes: number[] = [];
  const raw = new TextEncoder().encode(value);
  for (let at = 0; at < raw.length; at += 1) {
    const byte = raw[at] ?? 0;
    if (byte !== 0x7c) {
      bytes.push(byte);
      continue;
    }
    const digits = String.fromCharCode(...raw.subarray(at + 1, at + 3));
    const escaped = Number.parseInt(digits, 16);
    if (!/^[0-9A-Fa-f]{2}$/.test(digits) || !needsEscape(escaped)) throw new Error(`No escape: |${digits}`);
    bytes.push(escaped);
    at += 2;
  }
  return decoded(Uint8Array.from(bytes));
}

function needsEscape(byte: number): boolean {
  return byte === 0x22 || byte === 0x7c || byte === 0x7f || (byte > 0 && byte < 0x20 && byte !== 0x09);
}

function decoded(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}
