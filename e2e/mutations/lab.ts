/** Hosts with VMs for every case, and the mutations as a client writes them. */
import { defaultDeadlines } from "../../server/tasks/deadlines.ts";
import { query } from "../harness/graphql.ts";
import { type SimulatedApp, startSimulatedApp } from "../harness/simulated-app.ts";

export interface UserError {
  readonly code: string;
  readonly message: string;
  readonly path: readonly string[];
}

export interface TaskRow {
  readonly id: string;
  readonly state: string;
  readonly kind: string;
  readonly nodeName: string;
  readonly result: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly commands: readonly string[];
  readonly hostOutput: string;
  readonly sentAt: string | null;
  readonly steps: readonly { readonly name: string; readonly state: string }[];
}

export interface VmRow {
  readonly id: string;
  readonly vmid: number;
  readonly name: string;
  readonly powerState: string;
  readonly question: Question | null;
  readonly node: { readonly name: string };
}

export interface Question {
  readonly id: string;
  readonly text: string;
  readonly choices: readonly { readonly key: string; readonly label: string; readonly default: boolean }[];
}

export interface Payload {
  readonly task: TaskRow | null;
  readonly userErrors: readonly UserError[];
  readonly commands: readonly string[];
  readonly vm: VmRow | null;
}

export interface Lab extends AsyncDisposable {
  readonly simulated: SimulatedApp;
  /** Throws when there is none of that name. */
  vm(name: string): Promise<VmRow>;
  setPower(input: Record<string, unknown>): Promise<Payload>;
  answer(input: Record<string, unknown>): Promise<Payload>;
  refresh(name: string): Promise<Payload>;
  cancel(id: string): Promise<Payload>;
  /** The task when it has ended. */
  end(payload: Pick<Payload, "task" | "userErrors">): Promise<TaskRow>;
  ask<T>(text: string, variables?: Record<string, unknown>): Promise<T>;
}

export const taskFields =
  "id state kind nodeName result error { code message } commands hostOutput sentAt steps { name state }";
export const vmFields = "id vmid name powerState node { name } question { id text choices { key label default } }";
const payload = `task { ${taskFields} } userErrors { code message path }`;

const texts = {
  setPower: `mutation ($input: SetPowerInput!) { it: setPower(input: $input) { ${payload} commands vm { ${vmFields} } } }`,
  answer: `mutation ($input: AnswerQuestionInput!) { it: answerQuestion(input: $input) { ${payload} commands vm { ${vmFields} } } }`,
  refresh: `mutation ($name: String!) { it: refreshNode(name: $name) { ${payload} } }`,
  cancel: `mutation ($id: ID!) { it: cancelTask(id: $id) { ${payload} } }`,
};

const hosts = [
  {
    name: "esx1",
    vms: [
      { name: "web", power: "OFF", tools: "toolsOk" },
      { name: "db", power: "ON", tools: "toolsOk" },
      { name: "deaf", power: "ON", tools: "toolsOk", ignoresShutdown: true },
      { name: "bare", power: "ON", tools: "toolsNotInstalled" },
      { name: "copied", power: "OFF" },
      { name: "asking", power: "OFF" },
      { name: "idle", power: "OFF" },
    ],
  },
  { name: "esx2", vms: [{ name: "other", power: "OFF" }] },
  { name: "esx3", vms: [{ name: "parked", power: "OFF" }] },
] as const;

/** What a guest does not do within 3 s it does not do. */
export async function openLab(): Promise<Lab> {
  const { power } = defaultDeadlines;
  const simulated = await startSimulatedApp({
    hosts,
    deadlines: { ...defaultDeadlines, power: { ...power, SHUTDOWN: 3_000 } },
  });
  const ask = <T>(text: string, variables: Record<string, unknown> = {}): Promise<T> =>
    query<T>(simulated.url, text, variables);
  const mutate = async (text: string, variables: Record<string, unknown>): Promise<Payload> =>
    (await ask<{ it: Payload }>(text, variables)).it;
  return {
    simulated,
    ask,
    async vm(name) {
      const { vms } = await ask<{ vms: { nodes: VmRow[] } }>(`{ vms { nodes { ${vmFields} } } }`);
      const found = vms.nodes.find((vm) => vm.name === name);
      if (found === undefined) throw new Error(`There is no VM ${name}.`);
      return found;
    },
    setPower: (input) => mutate(texts.setPower, { input }),
    answer: (input) => mutate(texts.answer, { input }),
    refresh: (name) => mutate(texts.refresh, { name }),
    cancel: (id) => mutate(texts.cancel, { id }),
    async end({ task, userErrors }) {
      if (task === null) throw new Error(`No task: ${JSON.stringify(userErrors)}`);
      const text = `query ($id: ID!) { task(id: $id, waitMs: 60000) { ${taskFields} } }`;
      return (await ask<{ task: TaskRow }>(text, { id: task.id })).task;
    },
    [Symbol.asyncDispose]: () => simulated[Symbol.asyncDispose](),
  };
}
