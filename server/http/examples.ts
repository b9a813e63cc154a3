/** The documented operations: GraphiQL opens with them, and a test runs each. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Example {
  /** File name without its ending. */
  readonly name: string;
  readonly query: string;
  /** JSON text; absent where the operation takes none. */
  readonly variables?: string;
}

const directory = fileURLToPath(new URL("../../docs/examples", import.meta.url));

/** By file name; none where the documentation was not installed along. */
export function readExamples(): readonly Example[] {
  if (!existsSync(directory)) return [];
  const files = readdirSync(directory).filter((file) => file.endsWith(".graphql"));
  return files.toSorted().map((file) => {
    const name = file.slice(0, -".graphql".length);
    const query = readFileSync(join(directory, file), "utf8");
    const variablesPath = join(directory, `${name}.variables.json`);
    return existsSync(variablesPath)
      ? { name, query, variables: readFileSync(variablesPath, "utf8") }
      : { name, query };
  });
}
