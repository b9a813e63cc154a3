/** The audit log of a real server, read while it does not run: who asked for what, from before it was done. */
import { expect, test } from "vitest";
import type { AuditEntry } from "../server/store/store.ts";
import { query } from "./harness/graphql.ts";
import { type SimulatedApp, startSimulatedApp } from "./harness/simulated-app.ts";
import { until } from "./harness/until.ts";
import { askForPower, type KnownVm, readVms } from "./soak/power/power-client.ts";

async function auditOf(app: SimulatedApp): Promise<{ entries: readonly AuditEntry[]; brokenAt: number | undefined }> {
  const store = await app.store.open();
  try {
    return { entries: await store.audit(), brokenAt: await store.verifyAudit() };
  } finally {
    await store.close();
  }
}

async function start(): Promise<{ app: SimulatedApp; vms: readonly KnownVm[] }> {
  const vms = Array.from({ length: 10 }, (_, index) => ({ name: `vm ${index + 1}`, power: "OFF" as const }));
  const app = await startSimulatedApp({ hosts: [{ vms }], delayMs: 50 });
  const known = await until(async () => {
    const read = await readVms(app.url);
    return read.length === vms.length ? read : undefined;
  });
  return { app, vms: known };
}

async function allEnded({ url }: SimulatedApp): Promise<void> {
  const filter = "{ states: [QUEUED, RUNNING] }";
  const open = `{ tasks(filter: ${filter}) { totalCount } }`;
  await until(async () => (await query<{ tasks: { totalCount: number } }>(url, open)).tasks.totalCount === 0);
}

test("every mutation stands in the audit log, and did so before anything was done", async () => {
  const { app, vms } = await start();
  await using closing = new AsyncDisposableStack();
  closing.use(app);
  const host = app.simulator.hosts[0];
  const asking = host?.vms()[0];
  if (host === undefined || asking === undefined) throw new Error("no VM");
  host.askAtPowerOn(asking.vmid);
  const asked = await Promise.all(vms.map(({ id }) => askForPower(app.url, { vmId: id, action: "ON" })));
  const last = asked.at(-1);
  if (last === undefined || "refused" in last) throw new Error("The last one was refused.");
  // One node works on eight tasks at once, so the last one waits.
  await query(app.url, "mutation ($id: ID!) { cancelTask(id: $id) { userErrors { code } } }", { id: last.taskId });
  await query(app.url, `mutation { refreshNode(name: "${host.name}") { userErrors { code } } }`);
  await allEnded(app);
  await answer(app, vms.find(({ place }) => place === asking.datastorePath)?.id ?? "");
  await allEnded(app);

  let entries: readonly AuditEntry[] = [];
  await app.restart(async () => {
    const audit = await auditOf(app);
    expect(audit.brokenAt).toBeUndefined();
    ({ entries } = audit);
  });
  const actions = entries.map(({ action }) => action);
  expect(actions.filter((action) => action === "SET_POWER")).toHaveLength(10);
  expect(new Set(actions)).toEqual(new Set(["SET_POWER", "CANCEL_TASK", "REFRESH_NODE", "ANSWER_QUESTION"]));
  expect(app.simulator.actionLog).toHaveLength(10);
  const places = new Map(vms.map(({ id, place }) => [id, place]));
  for (const deed of app.simulator.actionLog) {
    const vm = host.vms().find(({ path }) => path === deed.vmPath);
    const kind = deed.command === "vmsvc/message" ? "ANSWER_QUESTION" : "SET_POWER";
    const entry = entries.find(({ action, vmId }) => action === kind && places.get(vmId ?? "") === vm?.datastorePath);
    expect(entry?.at, `${deed.command} of ${deed.vmPath} at ${deed.at}`).toBeDefined();
    expect(String(entry?.at) <= deed.at, `audited at ${entry?.at}, done at ${deed.at}`).toBe(true);
  }
});

async function answer({ url }: SimulatedApp, vmId: string): Promise<void> {
  const { vm } = await query<{ vm: { question: { id: string } } }>(
    url,
    "query ($id: ID!) { vm(id: $id) { question { id } } }",
    {
      id: vmId,
    },
  );
  const text =
    "mutation ($input: AnswerQuestionInput!) { answerQuestion(input: $input) { userErrors { code message } } }";
  const { answerQuestion } = await query<{ answerQuestion: { userErrors: unknown[] } }>(url, text, {
    input: { vmId, questionId: vm.question.id, choiceKey: "2" },
  });
  expect(answerQuestion.userErrors).toEqual([]);
}

test.for([
  ["an entry altered", { what: "alter", sequence: 2 }],
  ["an entry removed", { what: "remove", sequence: 3 }],
  ["the end cut off", { what: "cut off", sequence: 3 }],
] as const)("the next start tells of %s in the stopped server's store", async ([, tampering]) => {
  const { app, vms } = await start();
  await using closing = new AsyncDisposableStack();
  closing.use(app);
  await Promise.all(vms.slice(0, 4).map(({ id }) => askForPower(app.url, { vmId: id, action: "ON" })));
  await allEnded(app);
  const told = (): readonly string[] => app.logLines.filter((line) => line.includes("audit log was changed"));
  await app.restart(async () => {
    expect((await auditOf(app)).brokenAt).toBeUndefined();
  });
  expect(told()).toEqual([]);
  await app.restart(async () => {
    await app.store.tamper(tampering);
    expect((await auditOf(app)).brokenAt).toBe(tampering.sequence);
  });
  expect(told()).toHaveLength(1);
  expect(told()[0]).toContain(`"auditSequence":${tampering.sequence}`);
});
