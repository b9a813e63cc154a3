/** Relay connections: cursors, page arguments and the types of a page. Nothing is capped silently. */
import type { ArgBuilder, ObjectRef } from "@pothos/core";
import { AppError } from "../errors.ts";
import type { PageRequest } from "../inventory.ts";
import { builder, type SchemaTypes } from "./builder.ts";

const defaultPageSize = 50;
export const maxPageSize = 1000;

export interface Page<Item> {
  readonly items: readonly Item[];
  /** One per item, in the same order. */
  readonly cursors: readonly string[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly totalCount: number;
}

interface Edge<Item> {
  readonly cursor: string;
  readonly node: Item;
}

interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

type Arguments = ArgBuilder<SchemaTypes>;

export function forwardArguments(arg: Arguments) {
  return {
    first: arg.int({ description: "How many from the start: 1 to 1000. Default 50." }),
    after: arg.string({ description: "Only what follows this cursor." }),
  };
}

export function pageArguments(arg: Arguments) {
  return {
    ...forwardArguments(arg),
    last: arg.int({ description: "How many from the end: 1 to 1000. Not together with `first`." }),
    before: arg.string({ description: "Only what precedes this cursor." }),
  };
}

/** @throws AppError INVALID_INPUT for a size outside 1 to 1000, or `first` together with `last` */
export function pageRequest(given: PageArguments): PageRequest {
  const after = given.after ?? undefined;
  const before = given.before ?? undefined;
  const { first, last } = given;
  if (typeof first === "number" && typeof last === "number") {
    throw new AppError("INVALID_INPUT", "Give either `first` or `last`, not both.");
  }
  if (typeof last === "number") return { last: checkedSize("last", last), after, before };
  return { first: checkedSize("first", first ?? defaultPageSize), after, before };
}

function checkedSize(name: string, size: number): number {
  if (size >= 1 && size <= maxPageSize) return size;
  throw new AppError("INVALID_INPUT", `\`${name}\` must be from 1 to ${maxPageSize}; ${size} was given.`);
}

const PageInfo = builder.objectRef<Page<unknown>>("PageInfo").implement({
  description: "Where a page lies in its list.",
  fields: (t) => ({
    hasNextPage: t.exposeBoolean("hasNextPage", { description: "Are there more after `endCursor`?" }),
    hasPreviousPage: t.exposeBoolean("hasPreviousPage", { description: "Are there more before `startCursor`?" }),
    startCursor: t.string({
      nullable: true,
      description: "Cursor of the page's first edge; null on an empty page.",
      resolve: (page) => page.cursors[0],
    }),
    endCursor: t.string({
      nullable: true,
      description: "Cursor of the page's last edge, for `after`; null on an empty page.",
      resolve: (page) => page.cursors.at(-1),
    }),
  }),
});

/** Defines `NameConnection` and `NameEdge` for pages of `item`. Fields of its own are added with `builder.objectFields`. */
export function connectionOf<Item extends object, OwnPage extends Page<Item> = Page<Item>>(
  name: string,
  type: ObjectRef<SchemaTypes, Item>,
): ObjectRef<SchemaTypes, OwnPage> {
  // Pothos can't tell for an open type parameter whether its resolvers fit; for `object` it can.
  const item = type as ObjectRef<SchemaTypes, unknown> as ObjectRef<SchemaTypes, object>;
  const edge = builder.objectRef<Edge<object>>(`${name}Edge`);
  edge.implement({
    description: `One ${name} of a list, with its place in it.`,
    fields: (t) => ({
      cursor: t.exposeString("cursor", {
        description: "This place in the list, for `after` and `before`; it stays valid while rows come and go.",
      }),
      node: t.field({ type: item, description: `The ${name}.`, resolve: (parent) => parent.node }),
    }),
  });
  const connection = builder.objectRef<Page<object>>(`${name}Connection`);
  connection.implement({
    description: `One page of a list of ${name}s.`,
    fields: (t) => ({
      edges: t.field({
        type: [edge],
        description: "The page's rows, each with its cursor.",
        resolve: (page) => page.items.map((node, index) => ({ node, cursor: page.cursors[index] ?? "" })),
      }),
      nodes: t.field({ type: [item], description: "The page's rows.", resolve: (page) => page.items }),
      pageInfo: t.field({ type: PageInfo, description: "Where the page lies.", resolve: (page) => page }),
      totalCount: t.int({
        description: "How many rows match, on all pages together.",
        resolve: (page) => page.totalCount,
      }),
    }),
  });
  return connection as ObjectRef<SchemaTypes, unknown> as ObjectRef<SchemaTypes, OwnPage>;
}
