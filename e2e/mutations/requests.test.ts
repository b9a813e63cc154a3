/** Requests as such: repeats, conflicts, trials, cancellation, what becomes of them, and what can't be done at all. */
import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../harness/until.ts";
import { type Lab, openLab, type Payload, type TaskRow } from "./lab.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab[Symbol.asyncDispose]());

function fault({ task, userErrors }: Payload) {
  expect(task).toBeNull();
  expect(userErrors).toHaveLength(1);
  return userErrors[0];
}

test("a dry run tells the exact commands and does nothing", async () => {
  const { id: vmId } = await lab.vm("web");
  for (const action of ["ON", "OFF", "SHUTDOWN", "REBOOT", "RESET", "SUSPEND"]) {
    const answer = await lab.setPower({ vmId, action, dryRun: true });
    expect(answer).toMatchObject({ task: null, userErrors: [] });
    expect(answer.commands).toEqual([
      expect.stringMatching(/^vim-cmd vmsvc\/power\.\w+ \/vmfs\/volumes\/\S+\/web\.vmx$/),
    ]);
  }
  expect(lab.simulated.simulator.actionLog).toEqual([]);
  expect((await lab.ask<{ tasks: { totalCount: number } }>("{ tasks { totalCount } }")).tasks.totalCount).toBe(0);
});

describe("an idempotencyKey", () => {
  test("answers the same task for the same request, however often", async () => {
    const { id: vmId, vmid } = await lab.vm("web");
    const input = { vmId, action: "ON", idempotencyKey: "switch web on" };
    const answers = await Promise.all(Array.from({ length: 5 }, () => lab.setPower(input)));
    const ids = new Set(answers.map(({ task }) => task?.id));
    expect(ids.size).toBe(1);
    const [first] = answers;
    if (first) await lab.end(first);
    expect((await lab.setPower(input)).task).toMatchObject({ id: [...ids][0], state: "SUCCEEDED" });
    const done = lab.simulated.simulator.actionLog.filter((action) => action.vmid === vmid && action.host === "esx1");
    expect(done.map(({ command }) => command)).toEqual(["vmsvc/power.on"]);
  });

  test("is a conflict with another request", async () => {
    const { id: vmId } = await lab.vm("web");
    const answer = await lab.setPower({ vmId, action: "OFF", idempotencyKey: "switch web on" });
    expect(fault(answer)).toMatchObject({ code: "CONFLICT", path: ["input", "idempotencyKey"] });
    expect(fault(answer)?.message).toMatch(/used for another request.*Use a new key/);
  });

  test("that can't be one is refused with its limit", async () => {
    const { id: vmId } = await lab.vm("web");
    const answer = await lab.setPower({ vmId, action: "OFF", idempotencyKey: "x".repeat(201) });
    expect(fault(answer)).toMatchObject({ code: "INVALID_INPUT", path: ["input", "idempotencyKey"] });
    expect(fault(answer)?.message).toMatch(/1 to 200 characters; this one has 201/);
  });
});

describe("expectedPowerState", () => {
  test("protects from a stale screen by what ECoMan knows", async () => {
    const { id: vmId } = await lab.vm("idle");
    const answer = await lab.setPower({ vmId, action: "ON", expectedPowerState: "ON" });
    expect(fault(answer)).toMatchObject({ code: "CONFLICT", path: ["input", "expectedPowerState"] });
    expect(fault(answer)?.message).toMatch(/"idle" on node esx1 is OFF, not ON as expected/);
  });

  test("protects from a stale ECoMan by what the host says", async () => {
    const { id: vmId, vmid } = await lab.vm("idle");
    // Right after a scan of the node, so that the next one is a second away.
    await lab.end(await lab.refresh("esx1"));
    lab.simulated.simulator.host("esx1").setPower(vmid, "ON");
    const answer = await lab.setPower({ vmId, action: "ON", expectedPowerState: "OFF" });
    const code = answer.task === null ? fault(answer)?.code : (await lab.end(answer)).error?.code;
    expect(code).toBe("CONFLICT");
    expect(lab.simulated.simulator.actionLog.some((action) => action.vmid === vmid)).toBe(false);
  });
});

test("one task at a time changes a VM", async () => {
  const { id: vmId } = await lab.vm("deaf");
  const first = await lab.setPower({ vmId, action: "SHUTDOWN" });
  const second = await lab.setPower({ vmId, action: "OFF" });
  expect(fault(second)).toMatchObject({ code: "CONFLICT", path: ["input", "vmId"] });
  expect(fault(second)?.message).toContain(first.task?.id);
  await lab.end(first);
});

describe("cancelTask", () => {
  test("calls off what was not sent yet", async () => {
    const host = lab.simulated.simulator.host("esx2");
    const { id: vmId } = await lab.vm("other");
    await host.stop();
    await lab.end(await lab.refresh("esx2"));
    // A node that was not well is asked for a look before anything is sent, and this one takes its time.
    host.halfOpen(true);
    await host.start();
    const answer = await lab.setPower({ vmId, action: "ON" });
    const cancelled = await lab.cancel(answer.task?.id ?? "");
    host.halfOpen(false);
    expect(cancelled).toMatchObject({ userErrors: [], task: { state: "CANCELLED", sentAt: null, commands: [] } });
    expect(cancelled.task?.result).toMatch(/^Cancelled by .* before anything was sent; nothing was done\.$/);
    expect((await lab.end(answer)).state).toBe("CANCELLED");
    expect(lab.simulated.simulator.actionLog.some((action) => action.host === "esx2")).toBe(false);
  });

  test("says that what was sent can't be called back", async () => {
    const { id: vmId } = await lab.vm("deaf");
    const answer = await lab.setPower({ vmId, action: "SHUTDOWN" });
    const text = "query ($id: ID!) { task(id: $id) { sentAt } }";
    const sentAt = async () => (await lab.ask<{ task: TaskRow }>(text, { id: answer.task?.id })).task.sentAt;
    await until(sentAt, { what: "the command to be sent" });
    const refused = fault(await lab.cancel(answer.task?.id ?? ""));
    expect(refused).toMatchObject({ code: "CONFLICT", path: ["id"] });
    expect(refused?.message).toMatch(/was sent to the host at .* and can't be called back/);
    await lab.end(answer);
  });

  test("says why it can't call off what has ended", async () => {
    const ended = await lab.end(await lab.refresh("esx1"));
    const answer = await lab.cancel(ended.id);
    expect(fault(answer)).toMatchObject({ code: "CONFLICT", path: ["id"] });
    expect(fault(answer)?.message).toMatch(/has already ended as SUCCEEDED/);
  });
});

describe("a task", () => {
  test("can be awaited, found by filter and page by page, and from its VM", async () => {
    const { id: vmId } = await lab.vm("copied");
    const asked = [];
    for (const action of ["ON", "OFF", "ON"]) {
      const answer = await lab.setPower({ vmId, action });
      asked.push((await lab.end(answer)).id);
    }
    const newestFirst = asked.toReversed();
    const filter = { vmId, states: ["SUCCEEDED"], kinds: ["SET_POWER"], node: "esx1" };
    const text = `query ($filter: TaskFilter, $first: Int, $after: String) {
      tasks(filter: $filter, first: $first, after: $after) {
        totalCount nodes { id } pageInfo { hasNextPage endCursor }
      }
    }`;
    interface Page {
      readonly tasks: {
        readonly totalCount: number;
        readonly nodes: readonly { readonly id: string }[];
        readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
      };
    }
    const found: string[] = [];
    let after: string | undefined;
    do {
      const { tasks }: Page = await lab.ask<Page>(text, { filter, first: 2, after });
      expect(tasks.totalCount).toBe(3);
      found.push(...tasks.nodes.map(({ id }) => id));
      after = tasks.pageInfo.hasNextPage ? tasks.pageInfo.endCursor : undefined;
    } while (after !== undefined);
    expect(found).toEqual(newestFirst);

    const { vm } = await lab.ask<{ vm: { tasks: { nodes: { id: string }[] } } }>(
      "query ($id: ID!) { vm(id: $id) { tasks(first: 10) { nodes { id } } } }",
      { id: vmId },
    );
    expect(vm.tasks.nodes.map(({ id }) => id)).toEqual(newestFirst);
    const none = await lab.ask<Page>(text, { filter: { ...filter, states: ["FAILED"] } });
    expect(none.tasks).toMatchObject({ totalCount: 0, nodes: [] });
  });

  test("that does not exist is null, and waiting is limited", async () => {
    expect(await lab.ask('{ task(id: "nope", waitMs: 10) { id } }')).toEqual({ task: null });
    await expect(lab.ask('{ task(id: "nope", waitMs: 60001) { id } }')).rejects.toThrow(/60000/);
  });
});

describe("what is not there", () => {
  test("is told with the path to the input", async () => {
    const noVm = fault(await lab.setPower({ vmId: "nope", action: "ON" }));
    expect(noVm).toMatchObject({ code: "NOT_FOUND", path: ["input", "vmId"] });
    expect(noVm?.message).toContain('"nope"');
    const noQuestion = fault(await lab.answer({ vmId: "nope", questionId: "1", choiceKey: "1" }));
    expect(noQuestion).toMatchObject({ code: "NOT_FOUND", path: ["input", "vmId"] });
    expect(fault(await lab.refresh("nope"))).toMatchObject({ code: "NOT_FOUND", path: ["name"] });
    expect(fault(await lab.cancel("nope"))).toMatchObject({ code: "NOT_FOUND", path: ["id"] });
  });
});

describe("a host that does not answer", () => {
  test("fails what is asked of it, with nothing sent, and serves again when it is back", async () => {
    const host = lab.simulated.simulator.host("esx2");
    const { id: vmId } = await lab.vm("other");
    await host.stop();
    const refreshed = await lab.end(await lab.refresh("esx2"));
    expect(refreshed.error).toMatchObject({ code: "HOST_UNREACHABLE" });
    expect(refreshed.error?.message).toMatch(/can't be reached: the connection was refused.*TSM-SSH/);
    const switched: TaskRow = await lab.end(await lab.setPower({ vmId, action: "ON" }));
    expect(switched).toMatchObject({ state: "FAILED", commands: [], sentAt: null });
    expect(switched.error?.message).toMatch(/Nothing was sent\.$/);
    await host.start();
    expect(await lab.end(await lab.refresh("esx2"))).toMatchObject({ state: "SUCCEEDED" });
  });
});

test("a node switched off in hosts.yml is left alone", async () => {
  const { id: vmId } = await lab.vm("parked");
  const { hostsPath } = lab.simulated;
  const printed = await readFile(hostsPath, "utf8");
  await writeFile(hostsPath, printed.replace('"esx3":\n', '"esx3":\n  disabled: true\n'));
  const isDisabled = async () => {
    const { node } = await lab.ask<{ node: { status: string } }>('{ node(name: "esx3") { status } }');
    return node.status === "DISABLED";
  };
  await until(isDisabled);
  const refused = fault(await lab.setPower({ vmId, action: "ON" }));
  expect(refused).toMatchObject({ code: "NODE_DISABLED", path: ["input", "vmId"] });
  expect(refused?.message).toMatch(/switched off in hosts\.yml.*Remove "disabled: true"/);
  expect(fault(await lab.refresh("esx3"))).toMatchObject({ code: "NODE_DISABLED", path: ["name"] });
});
