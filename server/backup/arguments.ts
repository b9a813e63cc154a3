import { parseArgs } from "node:util";
import { AppError } from "../errors.ts";

/** What the command line names: a file (`-`: standard output), nothing, or a wish for help. */
export type Arguments = { readonly help: true } | { readonly help: false; readonly file: string | undefined };

/** @throws AppError INVALID_INPUT that tells the usage */
export function readArguments(args: readonly string[], usage: string): Arguments {
  try {
    const options = { help: { type: "boolean", short: "h" } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (values.help === true) return { help: true };
    if (positionals.length > 1) throw new Error(`One file was expected, not ${positionals.length}.`);
    return { help: false, file: positionals[0] };
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError("INVALID_INPUT", `${reason}\n${usage}`, { cause: thrown });
  }
}
