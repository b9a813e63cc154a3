/** `esxcli` and `localcli`: the same words; the first goes through hostd, the second does not. */
import type { Column, EsxcliAnswer, Formatter } from "../text/table.ts";
import { asBlock, asCsv, asTable, asXml } from "../text/table.ts";
import type { World } from "../world/world.ts";
import type { CommandResult, HostCommand } from "./command.ts";
import { failed, ok } from "./command.ts";
import { esxcliData } from "./esxcli-data.ts";

const formatters: readonly string[] = ["csv", "xml"];

export const esxcli: HostCommand = (words, world) => {
  if (world.hostd === "down") return failed(1, "Connect to localhost failed: Connection failure\n");
  return answer(words, world);
};

export const localcli: HostCommand = (words, world) => answer(words, world);

function answer(words: readonly string[], world: World): CommandResult {
  const { formatter, path } = readWords(words);
  if (formatter === null) return failed(1, "", `Error: Unable to find requested formatter: ${path}\n\n`);
  const namespace = esxcliData[path];
  if (namespace === undefined) return failed(1, "", `Error: Unknown command or namespace ${path}\n\n`);
  return ok(rendered(namespace(world), formatter));
}

function readWords(words: readonly string[]): { formatter: Formatter | null; path: string } {
  let formatter = "default";
  const path: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (word.startsWith("--formatter=")) formatter = word.slice("--formatter=".length);
    else if (word === "--formatter") formatter = words[(index += 1)] ?? "";
    else path.push(word);
  }
  if (formatter === "default" || formatters.includes(formatter)) {
    return { formatter: formatter as Formatter, path: path.join(" ") };
  }
  return { formatter: null, path: formatter };
}

function rendered(answer: EsxcliAnswer, formatter: Formatter): string {
  if (answer.kind === "value") return `${answer.value}\n`;
  const { columns, rows, type } = answer;
  if (formatter === "csv") return asCsv(columns, rows);
  if (formatter === "xml") return asXml(type, columns, rows);
  if (answer.kind === "table") return asTable(columns, rows);
  if (answer.kind === "structure") return rows.map((row) => asBlock(columns, row)).join("");
  return rows.map((row) => `${row[headingColumn(columns)]}\n${asBlock(columns, row)}`).join("\n");
}

/** Blocks of a list are headed by the display name. */
function headingColumn(columns: readonly Column[]): number {
  return columns.findIndex((column) => column.name === "Display Name");
}
