/** How many values an operation may ask for: page sizes multiply on the way down. */
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from "graphql";
import { fragmentsOf } from "./document-limits.ts";

/** What a list without page arguments is taken to hold. */
const listLength = 5;
/** Making a page costs this much before a row is read. */
const pageCost = 100;
const defaultRows = 50;
const maxRows = 1_000;

export interface CostQuestion {
  readonly schema: GraphQLSchema;
  /** Already found valid: no circles, no unknown fields. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

export function costOf({ schema, document, operation, variables }: CostQuestion): number {
  const fragments = fragmentsOf(document);
  const fragmentCosts = new Map<string, number>();

  function setCost(set: SelectionSetNode | undefined, parent: GraphQLCompositeType): number {
    return (set?.selections ?? []).reduce((sum, selection) => sum + selectionCost(selection, parent), 0);
  }

  function selectionCost(selection: SelectionNode, parent: GraphQLCompositeType): number {
    if (selection.kind === Kind.FIELD) return fieldCost(selection, parent);
    if (selection.kind === Kind.FRAGMENT_SPREAD) return fragmentCost(selection.name.value);
    return setCost(selection.selectionSet, compositeType(selection.typeCondition?.name.value) ?? parent);
  }

  function fragmentCost(name: string): number {
    const known = fragmentCosts.get(name);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    const parent = compositeType(fragment?.typeCondition.name.value);
    const cost = fragment && parent ? setCost(fragment.selectionSet, parent) : 0;
    fragmentCosts.set(name, cost);
    return cost;
  }

  function fieldCost(field: FieldNode, parent: GraphQLCompositeType): number {
    const definition = schema.getField(parent, field.name.value);
    const type = definition && getNamedType(definition.type);
    if (definition === undefined || !isCompositeType(type)) return 1;
    const inner = setCost(field.selectionSet, type);
    if (definition.args.some((arg) => arg.name === "first")) return pageCost + rowsOf(field, variables) * inner;
    return 1 + lengthOf(definition, parent) * inner;
  }

  function compositeType(name: string | undefined): GraphQLCompositeType | undefined {
    const type = name === undefined ? undefined : schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  }

  const root = schema.getRootType(operation.operation);
  return root ? setCost(operation.selectionSet, root) : 0;
}

/** The rows of a connection were counted with its page size. */
function lengthOf(definition: GraphQLField<unknown, unknown>, parent: GraphQLCompositeType): number {
  return isListType(getNullableType(definition.type)) && !parent.name.endsWith("Connection") ? listLength : 1;
}

/** What the resolver would refuse counts as what is allowed: it is told there what is wrong. */
function rowsOf(field: FieldNode, variables: Readonly<Record<string, unknown>>): number {
  for (const argument of field.arguments ?? []) {
    if (argument.name.value !== "first" && argument.name.value !== "last") continue;
    const { value } = argument;
    const given = value.kind === Kind.VARIABLE ? variables[value.name.value] : value.kind === Kind.INT && value.value;
    const rows = Number(given ?? Number.NaN);
    if (Number.isInteger(rows) && rows > 0) return Math.min(rows, maxRows);
  }
  return defaultRows;
}
