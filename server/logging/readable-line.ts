/** A JSON line as people read it on a terminal: `12:03:04 WARN  esx1 is silent  node=esx1`. */
export function readableLine(json: string): string {
  const { time, level, msg, ...fields } = JSON.parse(json) as Record<string, unknown>;
  const clock = String(time).slice(11, 19);
  const word = String(level).toUpperCase().padEnd(5);
  const rest = Object.entries(fields).map(([name, value]) => `  ${name}=${textOf(value)}`);
  return `${harmless(`${clock} ${word} ${typeof msg === "string" ? msg : ""}${rest.join("")}`)}\n`;
}

function textOf(value: unknown): string {
  return typeof value === "string" && /^[\w./:@+-]+$/.test(value) ? value : JSON.stringify(value);
}

/** What a host printed may steer a terminal: control characters are shown as their code. */
function harmless(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
