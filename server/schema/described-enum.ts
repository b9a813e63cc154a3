import type { EnumRef } from "@pothos/core";
import { builder, type SchemaTypes } from "./builder.ts";

/** An enum of the model: its values with a description each, so that a value without one does not compile. */
export function describedEnum<Value extends string>(
  name: string,
  description: string,
  values: Readonly<Record<Value, string>>,
): EnumRef<SchemaTypes, Value, Value> {
  const entries = Object.entries<string>(values).map(([value, text]) => [value, { description: text }]);
  return builder.enumType(name, { description, values: Object.fromEntries(entries) }) as EnumRef<
    SchemaTypes,
    Value,
    Value
  >;
}
