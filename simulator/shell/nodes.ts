/** Small makers of syntax trees as just-bash's parser gives them, and ways to look into them. */
import type { CommandNode, PipelineNode, ScriptNode, SimpleCommandNode, StatementNode, WordNode } from "just-bash";

export type Redirection = SimpleCommandNode["redirections"][number];
export type FunctionDef = Extract<CommandNode, { type: "FunctionDef" }>;
export type Compound = Exclude<CommandNode, SimpleCommandNode | FunctionDef>;

export function script(statements: readonly StatementNode[]): ScriptNode {
  return { type: "Script", statements: [...statements] };
}

export function word(value: string): WordNode {
  return { type: "Word", parts: [{ type: "Literal", value }] };
}

/** `"$?"`. */
export const lastStatus: WordNode = {
  type: "Word",
  parts: [{ type: "DoubleQuoted", parts: [{ type: "ParameterExpansion", parameter: "?", operation: null }] }],
};

export function command(...words: readonly (string | WordNode)[]): SimpleCommandNode {
  const [name = word(""), ...args] = words.map((each) => (typeof each === "string" ? word(each) : each));
  return { type: "SimpleCommand", assignments: [], name, args, redirections: [] };
}

export function append(fd: number, path: string): Redirection {
  return { type: "Redirection", fd, operator: ">>", target: word(path) };
}

export function statement(...commands: readonly CommandNode[]): StatementNode {
  const pipeline: PipelineNode = { type: "Pipeline", commands: [...commands], negated: false };
  return { type: "Statement", pipelines: [pipeline], operators: [], background: false };
}

export function group(nodes: readonly CommandNode[], redirections: readonly Redirection[] = []): Compound {
  return { type: "Group", body: nodes.map((each) => statement(each)), redirections: [...redirections] };
}

/** `NAME=$?`. */
export function keepStatus(name: string): SimpleCommandNode {
  const value = lastStatus;
  return { ...command(), name: null, assignments: [{ type: "Assignment", name, value, append: false, array: null }] };
}

/** `if CONDITIONS…; then THEN…; else false; fi`. */
export function whenever(conditions: readonly CommandNode[], then: readonly CommandNode[]): Compound {
  const list = (nodes: readonly CommandNode[]): StatementNode[] => nodes.map((each) => statement(each));
  const clause = { condition: list(conditions), body: list(then) };
  return { type: "If", clauses: [clause], elseBody: [statement(command("false"))], redirections: [] };
}

/** The name of a simple command where it is written out, else undefined. */
export function nameOf(node: CommandNode): string | undefined {
  if (node.type !== "SimpleCommand" || node.name === null) return undefined;
  return literalOf(node.name);
}

export function literalOf(given: WordNode): string | undefined {
  const [part, ...others] = given.parts;
  return part?.type === "Literal" && others.length === 0 ? part.value : undefined;
}

export function isInput(redirection: { readonly operator: string }): boolean {
  return redirection.operator.startsWith("<") && redirection.operator !== "<>";
}

export function allCommands(nodes: readonly StatementNode[]): CommandNode[] {
  return nodes
    .flatMap((node) => node.pipelines)
    .flatMap((each) => each.commands)
    .flatMap((each) => [each, ...commandsWithin(each)]);
}

export function commandsWithin(node: CommandNode): CommandNode[] {
  switch (node.type) {
    case "FunctionDef":
      return commandsWithin(node.body);
    case "If":
      return allCommands([
        ...node.clauses.flatMap((each) => [...each.condition, ...each.body]),
        ...(node.elseBody ?? []),
      ]);
    case "Case":
      return allCommands(node.items.flatMap((item) => item.body));
    case "While":
    case "Until":
      return allCommands([...node.condition, ...node.body]);
    case "For":
    case "CStyleFor":
    case "Subshell":
    case "Group":
      return allCommands(node.body);
    case "SimpleCommand":
    case "ArithmeticCommand":
    case "ConditionalCommand":
      return [];
    default:
      throw new Error("a node that just-bash's parser does not make");
  }
}

/** The same tree, with every object for which `change` gives another one replaced by it. Into those it does not look again. */
export function mapTree<T>(tree: T, change: (node: object) => object | undefined): T {
  if (Array.isArray(tree)) return tree.map((each: unknown) => mapTree(each, change)) as T;
  if (typeof tree !== "object" || tree === null) return tree;
  const changed = change(tree);
  if (changed !== undefined) return changed as T;
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, mapTree(value as unknown, change)])) as T;
}
