/** What a parser answers: the value, or in words why there is none. Nothing in this folder throws. */
export type Parsed<T> = { readonly ok: T } | { readonly failed: string };

/** A host's text as it may stand in a message: in one line, without control characters, cut after `length` characters. */
export function excerpt(text: string, length = 200): string {
  // Cut first: hostile text may be long, and everything after this would have to walk through it.
  const head = text.slice(0, length * 4);
  const line = head
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim()
    .slice(0, length);
  return text.length > head.length || line.length === length ? `${line}…` : line;
}

/**
 * The text with LF line ends, if it came through a pseudo-terminal. That makes CRLF of *every* line end, so a text
 * with a bare LF somewhere did not come that way, and a CR in it belongs to what a user wrote.
 */
export function withoutTerminalCr(text: string): string {
  const firstEnd = text.indexOf("\n");
  if (firstEnd <= 0 || text[firstEnd - 1] !== "\r") return text;
  for (let end = firstEnd; end >= 0; end = text.indexOf("\n", end + 1)) {
    if (text[end - 1] !== "\r") return text;
  }
  return text.replaceAll("\r\n", "\n");
}
