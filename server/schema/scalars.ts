import { GraphQLError } from "graphql";
import { builder } from "./builder.ts";

const isoPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

builder.scalarType("DateTime", {
  description: "A moment in ISO 8601 with its zone, such as `2026-11-21T09:30:00.000Z`. ECoMan answers in UTC.",
  serialize: (value) => checkedDateTime(value),
  parseValue: (value) => new Date(checkedDateTime(value)).toISOString(),
});

builder.scalarType("ByteSize", {
  description: "A number of bytes: a JSON number without fraction, from 0 to 2^53 - 1. It does not fit an Int.",
  serialize: (value) => checkedByteSize(value),
  parseValue: (value) => checkedByteSize(value),
});

function checkedDateTime(value: unknown): string {
  if (typeof value === "string" && isoPattern.test(value) && !Number.isNaN(Date.parse(value))) return value;
  throw new GraphQLError(
    `DateTime must be ISO 8601 with a zone, such as 2026-11-21T09:30:00Z, not ${JSON.stringify(value)}.`,
  );
}

function checkedByteSize(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new GraphQLError(`ByteSize must be a whole number from 0 to 2^53 - 1, not ${JSON.stringify(value)}.`);
}
