import { existsSync, globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  printSchema,
  validateSchema,
} from "graphql";
import { expect, test } from "vitest";
import { errorCodes } from "../errors.ts";
import { buildSchema } from "./index.ts";

const schema = buildSchema();
const root = fileURLToPath(new URL("../..", import.meta.url));

test("every type, field, argument, input field and enum value has a description", () => {
  const undescribed = [...describedParts(schema)].filter(([, text]) => !/\w.*[.?)]$/s.test(text ?? ""));
  expect(undescribed).toEqual([]);
});

test("the walk would find what is missing", () => {
  const bare = [...describedParts(schema)].map(([name]) => name);
  expect(bare).toEqual(
    expect.arrayContaining(["Vm", "Vm.name", "Query.vms(first)", "SetPowerInput.vmId", "PowerState.ON", "ByteSize"]),
  );
});

test("the schema is valid and schema.graphql is what the code says", () => {
  expect(validateSchema(schema)).toEqual([]);
  expect(readFileSync(`${root}/schema.graphql`, "utf8")).toBe(`${printSchema(schema)}\n`);
});

test("sizes in bytes are never an Int, and every failure of the domain has its code", () => {
  for (const [name, , type] of describedParts(schema)) {
    if (name.endsWith("Bytes")) expect(`${name}: ${type}`).toMatch(/: ByteSize!?$/);
  }
  const codes = schema.getType("ErrorCode");
  expect(isEnumType(codes) && codes.getValues().map(({ name }) => name)).toEqual(
    expect.arrayContaining([...errorCodes]),
  );
});

test.skipIf(!existsSync(`${root}/node_modules`))("there is one graphql in node_modules", () => {
  const copies = globSync("node_modules/**/graphql/package.json", { cwd: root }).filter(
    (path) => (JSON.parse(readFileSync(`${root}/${path}`, "utf8")) as { name?: string }).name === "graphql",
  );
  expect(copies).toEqual(["node_modules/graphql/package.json"]);
});

type Part = readonly [name: string, description: string | null | undefined, type: string];

function* describedParts(schema: GraphQLSchema): Generator<Part> {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    yield [type.name, type.description, type.name];
    yield* partsOf(type);
  }
}

function* partsOf(type: GraphQLNamedType): Generator<Part> {
  if (isEnumType(type)) {
    for (const value of type.getValues()) yield [`${type.name}.${value.name}`, value.description, type.name];
  }
  if (isInputObjectType(type)) {
    for (const field of Object.values(type.getFields())) {
      yield [`${type.name}.${field.name}`, field.description, String(field.type)];
    }
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return;
  for (const field of Object.values(type.getFields())) {
    yield [`${type.name}.${field.name}`, field.description, String(field.type)];
    for (const arg of field.args) yield [`${type.name}.${field.name}(${arg.name})`, arg.description, String(arg.type)];
  }
}
