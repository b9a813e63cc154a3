/** What a TypeScript file imports, and what its templates say. */
import { parseAst } from "vitest/node";

export interface Source {
  readonly imports: readonly Import[];
  /** String and template literals. */
  readonly texts: readonly Text[];
  readonly lines: number;
}

export interface Import {
  /** As written: `../model.ts`, `ssh2`. */
  readonly specifier: string;
  /** Nothing of it is left at run time. */
  readonly typeOnly: boolean;
  readonly line: number;
}

export interface Text {
  readonly text: string;
  /** Values are put into it. */
  readonly filled: boolean;
  readonly line: number;
}

/** The parts of a syntax tree that are looked at, whatever node they belong to. */
interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly source?: { readonly value?: unknown } | null;
  readonly importKind?: string;
  readonly exportKind?: string;
  readonly specifiers?: readonly { readonly importKind?: string; readonly exportKind?: string }[];
  readonly value?: unknown;
  readonly quasis?: readonly { readonly value: { readonly raw: string } }[];
}

/** @throws where the file is no TypeScript */
export function readSource(text: string, lang: "ts" | "tsx" = "ts"): Source {
  const imports: Import[] = [];
  const texts: Text[] = [];
  const lineOf = (offset: number): number => text.slice(0, offset).split("\n").length;
  visit(parseAst(text, { lang }), (node) => {
    const line = lineOf(node.start);
    const specifier = node.source?.value;
    if (typeof specifier === "string") imports.push({ specifier, typeOnly: isTypeOnly(node), line });
    if (node.type === "Literal" && typeof node.value === "string")
      texts.push({ text: node.value, filled: false, line });
    if (node.type !== "TemplateLiteral" || node.quasis === undefined) return;
    const parts = node.quasis.map(({ value }) => value.raw);
    texts.push({ text: parts.join("${…}"), filled: parts.length > 1, line });
  });
  return { imports, texts, lines: text.replace(/\n$/, "").split("\n").length };
}

function isTypeOnly({ type, importKind, exportKind, specifiers = [] }: SyntaxNode): boolean {
  if (type === "TSImportType" || importKind === "type" || exportKind === "type") return true;
  const kinds = specifiers.map((one) => one.importKind ?? one.exportKind);
  return kinds.length > 0 && kinds.every((kind) => kind === "type");
}

function visit(value: unknown, see: (node: SyntaxNode) => void): void {
  if (typeof value !== "object" || value === null) return;
  if ("type" in value && "start" in value) see(value as SyntaxNode);
  for (const part of Object.values(value)) visit(part, see);
}
