/**
 * Rewrites a script so that just-bash behaves like a host's shell in what it does not do by itself:
 *
 * - **Output leaves when it is printed.** just-bash hands it over at the very end. Every simple command whose output goes to the
 *   channel gets `>>/dev/channel/1 2>>/dev/channel/2` in front of its own redirections; writing there sends at once, or goes to the
 *   file that the group or subshell around it has been given (redirects.ts). A function gets a second body for calls of that kind.
 * - **Background jobs run on their own.** `… &` becomes a command that starts the job, and `$!` is its process.
 * - **Two sides of a pipeline take their time together.** just-bash runs them one after the other; marks tell the clock of
 *   vim-cmd how long the later sides have been "running" already.
 * - **`"$@"` as a command runs its words.** just-bash 3.4.2 looks for one command with the words joined by blanks.
 */
import type { CommandNode, PipelineNode, ScriptNode, SimpleCommandNode, StatementNode, WordNode } from "just-bash";
import type { Compound, FunctionDef } from "./nodes.ts";
import { allCommands, append, command, group, isInput, mapTree, nameOf, script, statement, word } from "./nodes.ts";
import { canStream, guarded, leavesNothing, planOf, streamed } from "./redirects.ts";
import { channelErr, channelOut } from "./run-files.ts";

/** Commands that the rewritten script calls. */
export const marks = {
  job: "__job",
  wait: "__wait",
  pipeStart: "__pipe_start",
  pipeNext: "__pipe_next",
  run: "__run",
  runLive: "__run_live",
} as const;

/** `$!` and `$$`: just-bash knows no processes. */
export const pidNames = { job: "__job_pid", shell: "__shell_pid" } as const;

/** Print while they run. */
export const streamingCommands: ReadonlySet<string> = new Set(["vmkfstools"]);

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
  /** How many groups have outputs of their own. */
  readonly count: { groups: number };
}

export function liveScript(given: ScriptNode): LiveScript {
  const parsed = mapTree(given, withPids);
  const definitions = functionsIn(parsed.statements);
  const names = new Set(definitions.map((each) => each.name));
  const rewriting: Rewriting = { functions: names, jobs: [], count: { groups: 0 } };
  const live = !takesOverOutput(parsed);
  const main = script(statements(parsed.statements, { ...rewriting, live }));
  const known = definitions
    .flatMap((each) => bothBodies(each, { ...rewriting, live: false }))
    .map((each) => statement(each));
  return { main, jobs: rewriting.jobs.map((job) => script([...known, job])) };
}

function withPids(node: object): object | undefined {
  if (!("type" in node) || node.type !== "ParameterExpansion" || !("parameter" in node)) return undefined;
  if (node.parameter === "!") return { ...node, parameter: pidNames.job };
  return node.parameter === "$" ? { ...node, parameter: pidNames.shell } : undefined;
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
  const body = (live: boolean): Compound => asCompound(compound(node.body, { ...place, live }));
  return [
    { ...node, body: body(false) },
    { ...node, name: liveName(node.name), body: body(true) },
  ];
}

function asCompound(node: CommandNode): Compound {
  return node.type === "SimpleCommand" || node.type === "FunctionDef" ? group([node]) : node;
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
  if (index === 0) return group([command(marks.pipeStart), node]);
  return group([command(marks.pipeNext, index === all.length - 1 ? "last" : ""), node]);
}

function anyCommand(given: CommandNode, place: Place): CommandNode {
  if (given.type === "FunctionDef") return given;
  if (given.type !== "SimpleCommand") return compound(given, place);
  const outputs = given.redirections.filter((each) => !isInput(each));
  if (printsMeanwhile(given, place) && outputs.length > 0) {
    return compound(group([{ ...given, redirections: given.redirections.filter(isInput) }], outputs), place);
  }
  const node = withSubstitutions(given, place);
  const speaks = !silent.has(nameOf(node) ?? "");
  return guarded({
    node: printing(node, { ...place, live: place.live && speaks }),
    redirections: node.redirections,
    live: place.live,
  });
}

/** A function or a slow program: its output must not wait for its end. */
function printsMeanwhile(node: SimpleCommandNode, place: Place): boolean {
  const name = nameOf(node) ?? "";
  return place.functions.has(name) || streamingCommands.has(name);
}

function printing(given: SimpleCommandNode, place: Place): SimpleCommandNode {
  const name = nameOf(given);
  if (name === "wait") return { ...given, name: word(marks.wait) };
  const streams = place.live && given.redirections.every(isInput);
  const node = withRun(given, streams);
  if (!place.live || node.name === null) return node;
  if (streams && name !== undefined && place.functions.has(name)) return { ...node, name: word(liveName(name)) };
  return { ...node, redirections: [append(1, channelOut), append(2, channelErr), ...node.redirections] };
}

/** What stands in `$( … )` is rewritten as well; its output is nobody's but the substitution's. */
function withSubstitutions<T extends object>(node: T, place: Place): T {
  return mapTree(node, (each) => {
    if (!("type" in each) || each.type !== "CommandSubstitution" || !("body" in each)) return undefined;
    return { ...each, body: script(statements((each.body as ScriptNode).statements, { ...place, live: false })) };
  });
}

/** `"$@"` in the place of a command's name. */
function runsItsWords({ name }: SimpleCommandNode): boolean {
  const [quoted, ...others] = name?.parts ?? [];
  if (quoted?.type !== "DoubleQuoted" || others.length > 0 || quoted.parts.length !== 1) return false;
  const [part] = quoted.parts;
  return part?.type === "ParameterExpansion" && part.parameter === "@";
}

/** Words that are a command, and those of one that prints while it runs, go through a command of ours. */
function withRun(node: SimpleCommandNode, streams: boolean): SimpleCommandNode {
  const asWords = runsItsWords(node);
  if (!asWords && !(streams && streamingCommands.has(nameOf(node) ?? ""))) return node;
  const words: WordNode[] = node.name === null ? node.args : [node.name, ...node.args];
  return { ...node, name: word(streams ? marks.runLive : marks.run), args: words };
}

/** A compound command with output redirections of its own prints into its files at once where that can be, else when it has ended. */
function compound(node: Compound, outer: Place): CommandNode {
  const { redirections } = node;
  if (redirections.every(isInput)) return withBodies(node, outer);
  const plan = planOf(redirections);
  if (plan !== null && (outer.live || leavesNothing(plan)) && canStream(node)) {
    outer.count.groups += 1;
    const inner = withBodies({ ...node, redirections: redirections.filter(isInput) }, { ...outer, live: true });
    return streamed({ inner, plan, redirections, id: String(outer.count.groups), live: outer.live });
  }
  const rewritten = withBodies(node, { ...outer, live: false });
  const sent = outer.live
    ? { ...rewritten, redirections: [append(1, channelOut), append(2, channelErr), ...rewritten.redirections] }
    : rewritten;
  return guarded({ node: sent, redirections, live: outer.live });
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
      return {
        ...node,
        word: withSubstitutions(node.word, place),
        items: node.items.map((item) => ({
          ...item,
          patterns: item.patterns.map(withNegation),
          body: walk(item.body),
        })),
      };
    case "For":
      return { ...node, words: node.words && withSubstitutions(node.words, place), body: walk(node.body) };
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

/** just-bash 3.4.2 knows `[^0-9]` alone, in a pattern of `case`; a POSIX shell writes `[!0-9]`. */
function withNegation(pattern: WordNode): WordNode {
  const parts = pattern.parts.map((part) =>
    part.type === "Glob" ? { ...part, pattern: part.pattern.replaceAll("[!", "[^") } : part,
  );
  return { ...pattern, parts };
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
