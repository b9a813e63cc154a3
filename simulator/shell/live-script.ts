/**
 * Rewrites a script so that just-bash behaves like a host's shell in four things it does not do by itself:
 *
 * - **Output leaves when it is printed.** just-bash hands it over at the very end. Every simple command whose output goes to the
 *   channel gets `>>/dev/channel/1 2>>/dev/channel/2` in front of its own redirections; writing there sends at once. A function
 *   gets a second body for calls whose output goes to the channel.
 * - **Background jobs run on their own.** `… &` becomes a command that starts the job and returns.
 * - **Two sides of a pipeline take their time together.** just-bash runs them one after the other; marks tell the clock of
 *   vim-cmd how long the later sides have been "running" already.
 * - **`"$@"` as a command runs its words.** just-bash 3.4.2 looks for one command with the words joined by blanks.
 */
import type { CommandNode, PipelineNode, ScriptNode, SimpleCommandNode, StatementNode } from "just-bash";
import type { Compound, FunctionDef } from "./nodes.ts";
import { append, command, group, nameOf, script, statement } from "./nodes.ts";

export const channelOut = "/dev/channel/1";
export const channelErr = "/dev/channel/2";
/** Commands that the rewritten script calls. */
export const marks = {
  job: "__job",
  wait: "__wait",
  pipeStart: "__pipe_start",
  pipeNext: "__pipe_next",
  run: "__run",
} as const;

export interface LiveScript {
  readonly main: ScriptNode;
  /** What `__job N` starts. */
  readonly jobs: readonly ScriptNode[];
}

/** Print nothing, so that they need no redirection. */
const silent = new Set(
  ": true false exit return break continue set shift local export readonly unset read cd [ test exec trap umask".split(
    " ",
  ),
);

interface Rewriting {
  readonly functions: ReadonlySet<string>;
  readonly jobs: StatementNode[];
}

export function liveScript(parsed: ScriptNode): LiveScript {
  const definitions = functionsIn(parsed.statements);
  const rewriting: Rewriting = { functions: new Set(definitions.map((each) => each.name)), jobs: [] };
  const live = !takesOverOutput(parsed);
  const main = script(statements(parsed.statements, { ...rewriting, live }));
  const known = definitions
    .flatMap((each) => bothBodies(each, { ...rewriting, live: false }))
    .map((each) => statement(each));
  return { main, jobs: rewriting.jobs.map((job) => script([...known, job])) };
}

interface Place extends Rewriting {
  /** Output of what stands here goes to the channel. */
  readonly live: boolean;
}

function statements(nodes: readonly StatementNode[], place: Place): StatementNode[] {
  return nodes.flatMap((node) => expandFunctions(node, place));
}

/** A statement that only defines a function becomes two definitions. */
function expandFunctions(node: StatementNode, place: Place): StatementNode[] {
  const only = node.pipelines.length === 1 ? node.pipelines[0]?.commands : undefined;
  const first = only?.length === 1 ? only[0] : undefined;
  if (first?.type === "FunctionDef") return bothBodies(first, place).map((each) => statement(each));
  const rewritten = { ...node, background: false, pipelines: node.pipelines.map((each) => pipeline(each, place)) };
  if (!node.background) return [rewritten];
  place.jobs.push(rewritten);
  return [statement(command(marks.job, String(place.jobs.length - 1)))];
}

function bothBodies(node: FunctionDef, place: Place): FunctionDef[] {
  const body = (live: boolean): Compound => compound(node.body, { ...place, live });
  return [
    { ...node, body: body(false) },
    { ...node, name: liveName(node.name), body: body(true) },
  ];
}

function liveName(name: string): string {
  return `__live_${name}`;
}

function pipeline(node: PipelineNode, place: Place): PipelineNode {
  const last = node.commands.length - 1;
  const commands = node.commands.map((each, index) =>
    anyCommand(each, { ...place, live: place.live && index === last }),
  );
  return { ...node, commands: takesTime(node, place) ? commands.map(withMark) : commands };
}

/** Only where several sides are groups or functions, which may hold slow commands. */
function takesTime(node: PipelineNode, place: Place): boolean {
  const heavy = node.commands.filter(
    (each) => each.type === "Group" || each.type === "Subshell" || place.functions.has(nameOf(each) ?? ""),
  );
  return heavy.length > 1;
}

function withMark(node: CommandNode, index: number, all: readonly CommandNode[]): CommandNode {
  if (index === 0) return group([statement(command(marks.pipeStart)), statement(node)]);
  return group([statement(command(marks.pipeNext, index === all.length - 1 ? "last" : "")), statement(node)]);
}

function anyCommand(given: CommandNode, place: Place): CommandNode {
  if (given.type === "FunctionDef") return given;
  if (given.type !== "SimpleCommand") return compound(given, place);
  const node = runsItsWords(given) ? withRun(given) : given;
  const name = nameOf(node);
  if (name === "wait") return { ...node, name: command(marks.wait).name };
  if (!place.live || node.name === null || silent.has(name ?? "")) return node;
  if (name !== undefined && place.functions.has(name) && node.redirections.every(isInput)) {
    return { ...node, name: command(liveName(name)).name };
  }
  return { ...node, redirections: [append(1, channelOut), append(2, channelErr), ...node.redirections] };
}

/** `"$@"` in the place of a command's name. */
function runsItsWords({ name }: SimpleCommandNode): boolean {
  const [quoted, ...others] = name?.parts ?? [];
  if (quoted?.type !== "DoubleQuoted" || others.length > 0 || quoted.parts.length !== 1) return false;
  const [part] = quoted.parts;
  return part?.type === "ParameterExpansion" && part.parameter === "@";
}

function withRun(node: SimpleCommandNode): SimpleCommandNode {
  const words = node.name === null ? node.args : [node.name, ...node.args];
  return { ...node, name: command(marks.run).name, args: words };
}

function isInput(redirection: { readonly operator: string }): boolean {
  return redirection.operator.startsWith("<") && redirection.operator !== "<>";
}

/** A compound command with its own output redirections is sent as a whole, when it has ended. */
function compound(node: Compound, outer: Place): Compound {
  const redirects = !node.redirections.every(isInput);
  const place = { ...outer, live: outer.live && !redirects };
  const rewritten = withBodies(node, place);
  if (!outer.live || !redirects) return rewritten;
  return { ...rewritten, redirections: [append(1, channelOut), append(2, channelErr), ...rewritten.redirections] };
}

function withBodies(node: Compound, place: Place): Compound {
  const walk = (nodes: readonly StatementNode[]): StatementNode[] => statements(nodes, place);
  switch (node.type) {
    case "If": {
      const clauses = node.clauses.map((each) => ({ condition: walk(each.condition), body: walk(each.body) }));
      return { ...node, clauses, elseBody: node.elseBody === null ? null : walk(node.elseBody) };
    }
    case "While":
    case "Until":
      return { ...node, condition: walk(node.condition), body: walk(node.body) };
    case "Case":
      return { ...node, items: node.items.map((item) => ({ ...item, body: walk(item.body) })) };
    case "For":
    case "CStyleFor":
    case "Subshell":
    case "Group":
      return { ...node, body: walk(node.body) };
    case "ArithmeticCommand":
    case "ConditionalCommand":
      return node;
    default:
      throw new Error("a node that just-bash's parser does not make");
  }
}

/** Functions defined anywhere in it; of several by one name the last counts. */
function functionsIn(nodes: readonly StatementNode[]): FunctionDef[] {
  const found = new Map<string, FunctionDef>();
  for (const node of allCommands(nodes)) if (node.type === "FunctionDef") found.set(node.name, node);
  return [...found.values()];
}

/** `exec >file`: from there on nothing goes to the channel, so nothing may be sent there by itself. */
function takesOverOutput(parsed: ScriptNode): boolean {
  return allCommands(parsed.statements).some(
    (node) => nameOf(node) === "exec" && node.type === "SimpleCommand" && node.redirections.some(redirectsOutput),
  );
}

function redirectsOutput(redirection: { readonly operator: string; readonly fd: number | null }): boolean {
  return !isInput(redirection) && (redirection.fd ?? 1) <= 2;
}

function allCommands(nodes: readonly StatementNode[]): CommandNode[] {
  return nodes
    .flatMap((node) => node.pipelines)
    .flatMap((each) => each.commands)
    .flatMap((each) => [each, ...inner(each)]);
}

function inner(node: CommandNode): CommandNode[] {
  switch (node.type) {
    case "FunctionDef":
      return inner(node.body);
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
