/** Writes schema.graphql; with `--check` it only fails where the file is not what the code says. */
import { readFileSync, writeFileSync } from "node:fs";
import { schemaPath, schemaText } from "./schema-text.ts";

if (!process.argv.includes("--check")) {
  writeFileSync(schemaPath, schemaText());
} else if (readFileSync(schemaPath, "utf8") !== schemaText()) {
  console.error("schema.graphql is not what the code says; run `npm run schema` and look at the difference.");
  process.exitCode = 1;
}
