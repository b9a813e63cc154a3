/** Noise on a scan's output, replayable from its seed: bits flipped, lines moved, doubled, lost, bytes cut and mixed in. */
import { createRandom, type Random } from "../../simulator/random.ts";

export interface Garbler {
  /** `others`: outputs that pieces may come from, as when two runs got mixed up. */
  garble(stdout: string, others: readonly string[]): string;
}

type Noise = (bytes: Buffer, random: Random, others: readonly Buffer[]) => Buffer;

export function createGarbler(seed: number): Garbler {
  const random = createRandom(seed, "garble");
  return {
    garble(stdout, others) {
      let bytes: Buffer = Buffer.from(stdout, "utf8");
      const pieces = others.map((text) => Buffer.from(text, "utf8"));
      // Mostly light: heavy noise is noticed anyhow.
      const times = random.chance(0.7) ? random.between(1, 3) : random.between(4, 40);
      const first = random.pick(noises);
      for (let time = 0; time < times; time += 1) {
        bytes = (random.chance(0.7) ? first : random.pick(noises))(bytes, random, pieces);
      }
      return bytes.toString("utf8");
    },
  };
}

const flipBits: Noise = (bytes, random) => {
  const copy = Buffer.from(bytes);
  for (let count = random.between(1, 8); count > 0 && copy.length > 0; count -= 1) {
    const at = random.between(0, copy.length - 1);
    copy[at] = (copy[at] ?? 0) ^ (1 << random.between(0, 7));
  }
  return copy;
};

const overwrite: Noise = (bytes, random) => {
  const copy = Buffer.from(bytes);
  const { start, end } = span(copy, random, 60);
  for (let at = start; at < end; at += 1) copy[at] = random.between(0, 255);
  return copy;
};

const blank: Noise = (bytes, random) => {
  const { start, end } = span(bytes, random, 200);
  return Buffer.from(bytes).fill(random.pick([0x20, 0x00]), start, end);
};

const cutOut: Noise = (bytes, random) => {
  const { start, end } = span(bytes, random, 2_000);
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
};

const cutOff: Noise = (bytes, random) => bytes.subarray(0, random.between(0, bytes.length));

const repeat: Noise = (bytes, random) => {
  const { start, end } = span(bytes, random, 2_000);
  return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)]);
};

const mixIn: Noise = (bytes, random, others) => {
  const piece = random.pick([bytes, ...others]);
  const { start, end } = span(piece, random, 2_000);
  const at = random.between(0, bytes.length);
  return Buffer.concat([bytes.subarray(0, at), piece.subarray(start, end), bytes.subarray(at)]);
};

const shuffleLines: Noise = (bytes, random) =>
  onLines(bytes, random, (lines) => {
    for (let index = lines.length - 1; index > 0; index -= 1) {
      const other = random.between(0, index);
      [lines[index], lines[other]] = [lines[other] ?? "", lines[index] ?? ""];
    }
    return lines;
  });

const dropLines: Noise = (bytes, random) => onLines(bytes, random, (lines) => lines.filter(() => random.chance(0.6)));

const doubleLines: Noise = (bytes, random) =>
  onLines(bytes, random, (lines) => lines.flatMap((line) => (random.chance(0.4) ? [line, line] : [line])));

const noises = [
  flipBits,
  overwrite,
  blank,
  cutOut,
  cutOff,
  repeat,
  mixIn,
  shuffleLines,
  dropLines,
  doubleLines,
] as const;

function span(bytes: Buffer, random: Random, longest: number): { readonly start: number; readonly end: number } {
  const start = random.between(0, bytes.length);
  return { start, end: Math.min(bytes.length, start + random.between(1, longest)) };
}

/** A window of some lines goes through `change`. */
function onLines(bytes: Buffer, random: Random, change: (lines: string[]) => readonly string[]): Buffer {
  const lines = bytes.toString("latin1").split("\n");
  const start = random.between(0, lines.length - 1);
  const end = Math.min(lines.length, start + random.between(1, 40));
  const changed = change(lines.slice(start, end));
  return Buffer.from([...lines.slice(0, start), ...changed, ...lines.slice(end)].join("\n"), "latin1");
}
