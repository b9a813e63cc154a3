/** Small makers of syntax trees as just-bash's parser gives them. */
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

export function command(...words: readonly string[]): SimpleCommandNode {
  const [name = "", ...args] = words;
  return { type: "SimpleCommand", assignments: [], name: word(name), args: args.map(word), redirections: [] };
}

export function append(fd: number, path: string): Redirection {
  return { type: "Redirection", fd, operator: ">>", target: word(path) };
}

export function statement(...commands: readonly CommandNode[]): StatementNode {
  const pipeline: PipelineNode = { type: "Pipeline", commands: [...commands], negated: false };
  return { type: "Statement", pipelines: [pipeline], operators: [], background: false };
}

export function group(statements: readonly StatementNode[]): Compound {
  return { type: "Group", body: [...statements], redirections: [] };
}

/** The name of a simple command where it is written out, else undefined. */
export function nameOf(node: CommandNode): string | undefined {
  if (node.type !== "SimpleCommand" || node.name === null) return undefined;
  const [part, ...others] = node.name.parts;
  return part?.type === "Literal" && others.length === 0 ? part.value : undefined;
}
