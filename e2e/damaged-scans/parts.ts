/** A recording taken apart into its sections, and put together again as a damaged host or line would print it. */
import { type Recording, recordedNonce } from "./record.ts";

export interface Part {
  readonly name: string;
  /** Without the newline that belongs to the end mark. */
  readonly text: string;
  readonly exitCode: number;
}

export function partsOf({ stdout }: Recording): readonly Part[] {
  const section = new RegExp(`@@${recordedNonce} begin (\\S+)\\n([^]*?)\\n@@${recordedNonce} end \\1 (\\d+)\\n`, "g");
  return [...stdout.matchAll(section)].map(([, name = "", text = "", exitCode]) => ({
    name,
    text,
    exitCode: Number(exitCode),
  }));
}

export function printed(parts: readonly Part[]): string {
  return parts.map((part) => beginMark(part) + part.text + endMark(part)).join("") + doneMark;
}

export function beginMark({ name }: Part): string {
  return `@@${recordedNonce} begin ${name}\n`;
}

export function endMark({ name, exitCode }: Part): string {
  return `\n@@${recordedNonce} end ${name} ${exitCode}\n`;
}

export const doneMark = `@@${recordedNonce} done\n`;

/** Lines with their ends. */
export function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
