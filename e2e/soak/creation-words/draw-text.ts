/** Texts that try to be something else: shell, here-document, .vmx line, section mark. */
import type { Random } from "../../../simulator/random.ts";

const bites = [
  "'",
  '"',
  "\\",
  "`touch /tmp/pwned`",
  "$(touch /tmp/pwned)",
  "${IFS}",
  "$HOME",
  "; touch /tmp/pwned;",
  "| touch /tmp/pwned",
  "&& touch /tmp/pwned &",
  "'\\''",
  "$'\\n'",
  "%s%n%d\\033[31m",
  "*?[a-z]~!#",
  " ",
  "   ",
  "-rf",
  "|",
  "|41",
  "|0A",
  "|22|0Ascsi0:1.present = |22TRUE",
  "||||7C",
  "a",
  "Büro",
  "日本語",
  "👩‍👩‍👧‍👦",
  "\u{1F600}",
  "مرحبا \u202Eevil\u202C",
  "\u0301\u200B\uFEFF",
  "\u0085\u009B",
  "</vmxCfgPath><objID>1</objID>&#47;&amp;",
] as const;

const linesOfOthers = [
  "EOF",
  "END",
  "END-",
  "END-0123456789abcdef0123456789abcdef",
  'scsi0:1.fileName = "/vmfs/volumes/x/victim/victim.vmdk"',
  'displayName = "victim"',
  ".encoding = windows-1252",
  "# comment",
  "@@0123456789abcdef0123456789abcdef done",
  "@@0123456789abcdef0123456789abcdef begin vmx",
  "job other",
  "made victim.vmdk",
  "registered 1",
  "exit 0",
  ")",
  "",
] as const;

const controls = Array.from({ length: 31 }, (_, code) => String.fromCharCode(code + 1));
const lineControls = [...controls, "\x7f", "\r\n", "\n", "\t", "\r"];

/** One line: no control characters. */
export function drawLine(random: Random, mostBites: number): string {
  return Array.from({ length: random.between(1, mostBites) }, () => drawBite(random)).join("");
}

/** Anything that is text, up to 4000 UTF-16 units. */
export function drawText(random: Random): string {
  if (random.chance(0.05)) return drawBite(random).repeat(4_000).slice(0, 4_000).toWellFormed();
  const pieces = Array.from({ length: random.between(0, 12) }, () => {
    if (random.chance(0.4)) return `\n${random.pick(linesOfOthers)}\n`;
    return random.chance(0.4) ? random.pick(lineControls) : drawBite(random);
  });
  return pieces.join("");
}

function drawBite(random: Random): string {
  return random.chance(0.8) ? random.pick(bites) : String.fromCodePoint(drawCodePoint(random));
}

/** Printable ASCII as often as all the rest; no surrogate. */
function drawCodePoint(random: Random): number {
  if (random.chance(0.5)) return random.between(0x20, 0x7e);
  const drawn = random.between(0xa0, 0x10ffff);
  return drawn >= 0xd800 && drawn <= 0xdfff ? 0xfffd : drawn;
}
