/** Limits on the text and shape of a document: held before it is validated, so that no document costs much to refuse. */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  Lexer,
  parse,
  type SelectionSetNode,
  Source,
  TokenKind,
  visit,
} from "graphql";
import { type DocumentFault, limitExceeded } from "./graphql-error.ts";
import type { Limits } from "./limits.ts";

/** @throws GraphQLError LIMIT_EXCEEDED or GRAPHQL_PARSE_FAILED */
export function parseWithin(limits: Limits, text: string): DocumentNode {
  try {
    checkTokens(limits, text);
    return parse(text, { maxTokens: limits.tokens });
  } catch (error) {
    if (!(error instanceof GraphQLError) || error.extensions["code"] !== undefined) throw error;
    const code: DocumentFault = "GRAPHQL_PARSE_FAILED";
    const { message, source, positions } = error;
    throw new GraphQLError(message, { source, positions, extensions: { code } });
  }
}

const opening: readonly string[] = [TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L];
const closing: readonly string[] = [TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R];

/** The parser goes down with the brackets: they are counted before it may. */
function checkTokens(limits: Limits, text: string): void {
  const lexer = new Lexer(new Source(text));
  let nesting = 0;
  for (let count = 0; lexer.advance().kind !== TokenKind.EOF; count += 1) {
    if (count >= limits.tokens) throw limitExceeded(`The document has more than ${limits.tokens} tokens.`);
    if (opening.includes(lexer.token.kind)) nesting += 1;
    if (closing.includes(lexer.token.kind)) nesting -= 1;
    if (nesting > limits.nesting) throw limitExceeded(`The document nests brackets more than ${limits.nesting} deep.`);
  }
}

/** The first limit that the shape of a document exceeds. */
export function shapeFault(limits: Limits, document: DocumentNode): GraphQLError | undefined {
  const measure = createMeasure(document);
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const { depth, rootFields } = measure(definition.selectionSet);
    if (depth > limits.depth)
      return limitExceeded(`Fields are nested ${depth} deep; at most ${limits.depth} are allowed.`);
    if (rootFields > limits.rootFields) {
      return limitExceeded(`The operation has ${rootFields} root fields; at most ${limits.rootFields} are allowed.`);
    }
  }
  const aliases = countAliases(document);
  if (aliases <= limits.aliases) return undefined;
  return limitExceeded(`The document has ${aliases} aliases; at most ${limits.aliases} are allowed.`);
}

interface Shape {
  readonly depth: number;
  readonly rootFields: number;
}

/** Fragments are measured once each, so that spreading them over and over costs nothing. */
function createMeasure(document: DocumentNode): (set: SelectionSetNode) => Shape {
  const fragments = fragmentsOf(document);
  const measured = new Map<string, Shape>();

  function fragmentShape(name: string): Shape {
    const known = measured.get(name);
    if (known !== undefined) return known;
    // A circle measures as nothing here; the rules of GraphQL refuse it later.
    measured.set(name, { depth: 0, rootFields: 0 });
    const fragment = fragments.get(name);
    const shape = fragment === undefined ? { depth: 0, rootFields: 0 } : shapeOf(fragment.selectionSet);
    measured.set(name, shape);
    return shape;
  }

  function shapeOf(set: SelectionSetNode): Shape {
    let depth = 0;
    let rootFields = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        rootFields += 1;
        depth = Math.max(depth, 1 + (selection.selectionSet ? shapeOf(selection.selectionSet).depth : 0));
      } else {
        const inner =
          selection.kind === Kind.INLINE_FRAGMENT
            ? shapeOf(selection.selectionSet)
            : fragmentShape(selection.name.value);
        rootFields += inner.rootFields;
        depth = Math.max(depth, inner.depth);
      }
    }
    return { depth, rootFields };
  }

  return shapeOf;
}

function countAliases(document: DocumentNode): number {
  let count = 0;
  visit(document, {
    Field(node) {
      if (node.alias !== undefined) count += 1;
    },
  });
  return count;
}

export function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}
