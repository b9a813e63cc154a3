import SchemaBuilder from "@pothos/core";
import type { Context } from "./context.ts";

interface Types {
  Context: Context;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: string; Output: string };
    ByteSize: { Input: number; Output: number };
  };
}

/** Every domain file adds its types here; `index.ts` imports them all and builds. Fields are non-null unless they say so. */
export const builder = new SchemaBuilder<Types>({ defaultFieldNullability: false });

export type SchemaTypes = (typeof builder)["$inferSchemaTypes"];
