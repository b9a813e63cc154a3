import { fileURLToPath } from "node:url";
import { printSchema } from "graphql";
import { buildSchema } from "../server/schema/index.ts";

export const schemaPath = fileURLToPath(new URL("../schema.graphql", import.meta.url));

export function schemaText(): string {
  return `${printSchema(buildSchema())}\n`;
}
