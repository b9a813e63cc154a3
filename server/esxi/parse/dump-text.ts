/** Looking at the text of a dump: lines, blanks, names. All offsets are those of the text. */

/** Start of the line after `at`, if nothing but blanks stand before it; the text's end counts as one; else -1. */
export function nextLine(text: string, at: number): number {
  let end = blanksEnd(text, at);
  if (text[end] === "\r") end += 1;
  if (end >= text.length) return text.length;
  return text[end] === "\n" ? end + 1 : -1;
}

export function blanksEnd(text: string, at: number): number {
  let end = at;
  while (isBlank(text.charCodeAt(end))) end += 1;
  return end;
}

export function indentAt(text: string, lineStart: number): string {
  return text.slice(lineStart, blanksEnd(text, lineStart));
}

/** Offset after a field's name, where ` = ` stands; -1 if there is none. */
export function nameEnd(text: string, at: number): number {
  let end = at;
  while (isNameCode(text.charCodeAt(end))) end += 1;
  return end > at && text.startsWith(" = ", end) ? end : -1;
}

export function wordEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && !isWordEnd(text.charCodeAt(end))) end += 1;
  return end;
}

export function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

/** A blank, a comma or a line end. */
function isWordEnd(code: number): boolean {
  return isBlank(code) || code === 44 || code === 10 || code === 13;
}

/** A letter, a digit or an underscore. */
function isNameCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;
}
