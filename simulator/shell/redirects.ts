/**
 * Output into files, as ash does it. just-bash creates missing folders on the way, ends the whole script when a file can't be
 * written, and writes what a group prints at its very end. So
 *
 *     command >FILE        becomes   if __open FILE; then command >FILE; __written command "$?"; else false; fi
 *     ( … ) >FILE 2>&1     becomes   if __open FILE; then if : >FILE 2>&1; then __enter 7 =FILE =FILE; ( … ); __leave 7 "$?"; …
 *
 * Whoever asks for `$?` in there means the command before, so that is kept in a variable first.
 */
import type { CommandNode, SimpleCommandNode, WordNode } from "just-bash";
import type { Compound, Redirection } from "./nodes.ts";
import {
  append,
  command,
  commandsWithin,
  isInput,
  keepStatus,
  lastStatus,
  literalOf,
  mapTree,
  nameOf,
  whenever,
} from "./nodes.ts";
import { channelErr, channelOut } from "./run-files.ts";

/** Commands that the rewritten script calls. */
export const redirectMarks = { open: "__open", written: "__written", enter: "__enter", leave: "__leave" } as const;

/** Words for `__enter` (see outputs.ts `targetOf`), and the files among them. */
export interface OutputPlan {
  readonly stdout: WordNode;
  readonly stderr: WordNode;
}

const unchanged: OutputPlan = {
  stdout: { type: "Word", parts: [{ type: "Literal", value: "1" }] },
  stderr: { type: "Word", parts: [{ type: "Literal", value: "2" }] },
};

/** Null where the redirections are of a kind that is not followed here. */
export function planOf(redirections: readonly Redirection[]): OutputPlan | null {
  let plan = unchanged;
  for (const redirection of redirections) {
    if (isInput(redirection)) continue;
    const next = planned(plan, redirection);
    if (next === null) return null;
    plan = next;
  }
  return plan;
}

function planned(plan: OutputPlan, { operator, fd, target }: Redirection): OutputPlan | null {
  const stream = (fd ?? 1) === 1 ? "stdout" : fd === 2 ? "stderr" : null;
  if (stream === null || target.type !== "Word") return null;
  const literal = literalOf(target);
  if (operator === ">&" && (literal === "1" || literal === "2")) {
    return { ...plan, [stream]: literal === "1" ? plan.stdout : plan.stderr };
  }
  if (operator !== ">" && operator !== ">>" && operator !== ">|") return null;
  if (literal === "/dev/null") return { ...plan, [stream]: { type: "Word", parts: [{ type: "Literal", value: "0" }] } };
  return { ...plan, [stream]: { type: "Word", parts: [{ type: "Literal", value: "=" }, ...unsplit(target).parts] } };
}

/** Nothing of it goes where the surrounding output goes. */
export function leavesNothing(plan: OutputPlan): boolean {
  return [plan.stdout, plan.stderr].every((each) => !["1", "2"].includes(literalOf(each) ?? ""));
}

/** A redirection's target is one word, whatever is in it; as an argument its expansions must be quoted for that. */
function unsplit(target: WordNode): WordNode {
  const parts = target.parts.map((part): WordNode["parts"][number] =>
    part.type === "ParameterExpansion" ? { type: "DoubleQuoted", parts: [part] } : part,
  );
  return { ...target, parts };
}

/** The files that the redirections write to; null when finding out would run something twice. */
function filesOf(redirections: readonly Redirection[]): WordNode[] | null {
  const words = redirections.flatMap(({ operator, target }) => {
    if (!/^(>|>>|>\||&>|&>>)$/.test(operator) || target.type !== "Word") return [];
    return literalOf(target)?.startsWith("/dev/") ? [] : [unsplit(target)];
  });
  return words.some((each) => JSON.stringify(each).includes('"CommandSubstitution"')) ? null : words;
}

const keptStatus = "__status";

function asksForStatus(node: CommandNode): boolean {
  return JSON.stringify(node).includes('"parameter":"?"');
}

/** A substitution has its own last status. */
function withKeptStatus(node: object): object | undefined {
  if (!("type" in node) || node.type === "CommandSubstitution") return "type" in node ? node : undefined;
  return "parameter" in node && node.parameter === "?" ? { ...node, parameter: keptStatus } : undefined;
}

/** Jumps and what changes the shell's own outputs stay as they are. */
const unguarded = new Set(["exec", "exit", "return", "break", "continue"]);

export interface Guard {
  /** Errors go to the channel. */
  readonly live: boolean;
  readonly node: CommandNode;
  readonly redirections: readonly Redirection[];
}

/** The node, between a look whether its files can be opened and one whether all was written. */
export function guarded({ node, redirections, live }: Guard): CommandNode {
  const files = filesOf(redirections);
  if (files === null || files.length === 0 || unguarded.has(nameOf(node) ?? "")) return node;
  const teller = node.type === "SimpleCommand" ? (nameOf(node) ?? "sh") : "sh";
  const told = (each: SimpleCommandNode): SimpleCommandNode =>
    live ? { ...each, redirections: [append(2, channelErr)] } : each;
  const open = told(command(redirectMarks.open, ...files));
  const asks = node.type === "SimpleCommand" && asksForStatus(node);
  return whenever(asks ? [keepStatus(keptStatus), open] : [open], [
    asks ? mapTree(node, withKeptStatus) : node,
    told(command(redirectMarks.written, teller, lastStatus)),
  ]);
}

export interface Streamed {
  /** Without its output redirections, its body printing to the channel. */
  readonly inner: Compound;
  readonly plan: OutputPlan;
  readonly redirections: readonly Redirection[];
  readonly id: string;
  readonly live: boolean;
}

export function streamed({ inner, plan, redirections, id, live }: Streamed): CommandNode {
  const files = filesOf(redirections) ?? [];
  const told = (each: SimpleCommandNode): SimpleCommandNode =>
    live ? { ...each, redirections: [append(2, channelErr)] } : each;
  const outputs = redirections.filter((each) => !isInput(each));
  const opened: SimpleCommandNode = {
    ...command(":"),
    redirections: live ? [append(1, channelOut), append(2, channelErr), ...outputs] : outputs,
  };
  const open = told(command(redirectMarks.open, ...files));
  const asks = asksForStatus(inner);
  const status: WordNode = {
    type: "Word",
    parts: [{ type: "ParameterExpansion", parameter: keptStatus, operation: null }],
  };
  return whenever(asks ? [keepStatus(keptStatus), open] : [open], [
    whenever(
      [opened],
      [
        command(redirectMarks.enter, id, plan.stdout, plan.stderr, asks ? status : "0"),
        inner,
        command(redirectMarks.leave, id, lastStatus),
      ],
    ),
  ]);
}

/** A jump out of a group would leave its outputs in place. A subshell keeps jumps in. */
export function canStream(node: Compound): boolean {
  if (filesOf(node.redirections) === null) return false;
  const jumps = ["return", "break", "continue"];
  return node.type === "Subshell" || !commandsWithin(node).some((each) => jumps.includes(nameOf(each) ?? ""));
}
