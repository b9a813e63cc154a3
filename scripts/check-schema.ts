/**
 * Part of `npm run check`: schema.graphql is what the code says, and nothing in it breaks a client of the last released
 * schema, docs/schema.released.graphql. A release copies the one over the other.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CriticalityLevel, diff } from "@graphql-inspector/core";
import { buildSchema } from "graphql";
import { schemaPath, schemaText } from "./schema-text.ts";

const releasedPath = fileURLToPath(new URL("../docs/schema.released.graphql", import.meta.url));

async function faults(): Promise<readonly string[]> {
  const text = schemaText();
  const found: string[] = [];
  if (!existsSync(schemaPath) || readFileSync(schemaPath, "utf8") !== text) {
    found.push("schema.graphql is not what the code says: run `npm run schema`.");
  }
  if (existsSync(releasedPath)) {
    const released = buildSchema(readFileSync(releasedPath, "utf8"));
    for (const change of await diff(released, buildSchema(text))) {
      if (change.criticality.level === CriticalityLevel.Breaking) found.push(`Breaks clients: ${change.message}`);
    }
  }
  return found;
}

const found = await faults();
for (const fault of found) console.error(fault);
if (found.length > 0) process.exitCode = 1;
