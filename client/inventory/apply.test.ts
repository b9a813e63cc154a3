import { describe, expect, test } from "vitest";
import type { VmPageQuery, VmRowFragment } from "../gql/graphql.ts";
import { apply } from "./apply.ts";
import type { Message } from "./message.ts";
import { emptyInventory, type InventoryState, isComplete } from "./state.ts";
import { aNodeRow, aTaskRow, aVmRow } from "./testing.ts";

const applyAll = (state: InventoryState, ...messages: readonly Message[]) => messages.reduce(apply, state);

function vmPage(rows: readonly VmRowFragment[], isFirst = true): Message {
  const pageInfo = { hasNextPage: false, endCursor: null };
  const page: VmPageQuery["vms"] = { totalCount: 3, revision: "r1", nodes: rows, pageInfo };
  return { kind: "vmPage", page, isFirst, at: 0 };
}

function vmsChanged(upserted: readonly VmRowFragment[], removed: readonly string[] = []): Message {
  return { kind: "vmsChanged", change: { kind: "CHANGES", revision: "r2", upserted, removed }, at: 0 };
}

const reading: Message = { kind: "reading", of: "vms" };
const read: Message = { kind: "read", of: "vms" };
const a = aVmRow({ id: "a", name: "a" });
const b = aVmRow({ id: "b", name: "b" });
const c = aVmRow({ id: "c", name: "c" });
const namesOf = ({ vms }: InventoryState) => [...vms.rows.values()].map(({ name }) => name);

describe("the first reading", () => {
  test("shows rows page by page and is complete at its end", () => {
    const begun = applyAll(emptyInventory, reading, vmPage([a, b]));
    expect(namesOf(begun)).toEqual(["a", "b"]);
    expect(begun).toMatchObject({ revision: "r1", vmTotal: 3 });
    expect(isComplete(begun)).toBe(false);
    expect(isComplete(applyAll(begun, vmPage([c], false), read))).toBe(true);
  });

  test("is followed from its first page", () => {
    const state = applyAll(emptyInventory, reading, vmPage([a]), vmsChanged([]), vmPage([b], false), read);
    expect(state.revision).toBe("r2");
  });

  test("a page that arrives after a change does not undo it", () => {
    const renamed = aVmRow({ id: "c", name: "new" });
    const state = applyAll(emptyInventory, reading, vmPage([a]), vmsChanged([renamed], ["b"]), vmPage([b, c], false));
    expect(namesOf(apply(state, read))).toEqual(["a", "new"]);
  });
});

describe("a reset", () => {
  const full = applyAll(emptyInventory, reading, vmPage([a, b, c]), read);
  const change = { kind: "RESET", revision: "r9", upserted: [], removed: [] } as const;
  const reset = apply(full, { kind: "vmsChanged", change, at: 0 });

  test("keeps what is shown and moves on", () => {
    expect(reset.vms).toBe(full.vms);
    expect(reset.revision).toBe("r9");
  });

  test("read again, drops at the end what is gone, and nothing before it", () => {
    const again = applyAll(reset, reading, vmPage([a]));
    expect(namesOf(again)).toEqual(["a", "b", "c"]);
    expect(namesOf(applyAll(again, vmsChanged([b]), read))).toEqual(["a", "b"]);
  });

  test("read again, leaves rows that are the same untouched", () => {
    const again = applyAll(reset, reading, vmPage([a, b, c]), read);
    expect(again.vms.rows).toBe(full.vms.rows);
  });
});

describe("changes", () => {
  const full = applyAll(emptyInventory, reading, vmPage([a, b]), read);

  test("touch only the rows they tell of", () => {
    const state = apply(full, vmsChanged([aVmRow({ id: "b", name: "b", powerState: "OFF" })]));
    expect(state.vms.rows.get("a")).toBe(full.vms.rows.get("a"));
    expect(state.vms.rows.get("b")?.powerState).toBe("OFF");
  });

  test("add and remove", () => {
    expect(namesOf(apply(full, vmsChanged([c], ["a", "unheard of"])))).toEqual(["b", "c"]);
  });

  test("that change nothing leave everything as it is", () => {
    expect(apply(full, vmsChanged([a, b])).vms.rows).toBe(full.vms.rows);
  });
});

describe("usage", () => {
  const full = applyAll(emptyInventory, reading, vmPage([a, b]), read);
  const usage = {
    vmId: "a",
    observedAt: "2026-11-02T00:00:10.000Z",
    uptimeSeconds: 70,
    overallCpuUsageMhz: 700,
    guestMemoryUsageMb: 1,
    hostMemoryUsageMb: 2,
    storageCommittedBytes: 3,
    storageUncommittedBytes: 4,
  };
  const usageChanged = (changes: Partial<typeof usage>, at: number): Message => ({
    kind: "usageChanged",
    usages: [{ ...usage, ...changes }],
    at,
  });

  test("arrives on its VM alone", () => {
    const state = apply(full, usageChanged({}, 10_000));
    expect(state.vms.rows.get("a")).toMatchObject({ name: "a", overallCpuUsageMhz: 700, storageCommittedBytes: 3 });
    expect(state.vms.rows.get("b")).toBe(full.vms.rows.get("b"));
  });

  test("an uptime that went on as expected is no change; a restart is one", () => {
    const before = full.vms.rows.get("a")?.uptime;
    expect(apply(full, usageChanged({}, 11_000)).vms.rows.get("a")?.uptime).toBe(before);
    expect(apply(full, usageChanged({ uptimeSeconds: 2 }, 11_000)).vms.rows.get("a")?.uptime?.seconds).toBe(2);
  });

  test("of a VM that is not known is ignored", () => {
    expect(apply(full, usageChanged({ vmId: "unheard of" }, 0)).vms.rows).toBe(full.vms.rows);
  });

  test("does not keep a page from bringing something newer", () => {
    const newer = aVmRow({ id: "a", name: "newer" });
    const state = applyAll(full, reading, usageChanged({}, 0), vmPage([newer, b]), read);
    expect(namesOf(state)).toEqual(["newer", "b"]);
  });
});

test("nodes come, change and go", () => {
  const pages: Message[] = [
    { kind: "reading", of: "nodes" },
    { kind: "nodePage", nodes: [aNodeRow(), aNodeRow({ name: "esx02" })] },
    { kind: "read", of: "nodes" },
  ];
  const change = { upserted: [aNodeRow({ status: "UNREACHABLE" })], removed: ["esx02"] };
  const { nodes } = applyAll(emptyInventory, ...pages, { kind: "nodesChanged", change });
  expect([...nodes.rows.values()].map(({ name, status }) => [name, status])).toEqual([["esx01", "UNREACHABLE"]]);
});

describe("tasks", () => {
  test("that have ended stay ended, whatever an older page says", () => {
    const ended = aTaskRow({ state: "SUCCEEDED", finishedAt: "2026-11-02T00:00:02.000Z" });
    const state = applyAll(emptyInventory, { kind: "tasksChanged", tasks: [ended] }, { kind: "reading", of: "tasks" });
    const { tasks } = apply(state, { kind: "taskPage", tasks: [aTaskRow()] });
    expect(tasks.rows.get("task-1")?.state).toBe("SUCCEEDED");
  });

  test("are kept in number, those under way in any case", () => {
    const ended = Array.from({ length: 600 }, (_, index) =>
      aTaskRow({
        id: `t${index}`,
        state: "FAILED",
        createdAt: `2026-11-03T00:${String(index).padStart(4, "0")}`,
        finishedAt: "x",
      }),
    );
    const { tasks } = applyAll(emptyInventory, { kind: "tasksChanged", tasks: [aTaskRow(), ...ended] });
    expect(tasks.rows.size).toBe(500);
    expect(tasks.rows.has("task-1")).toBe(true);
    expect(tasks.rows.has("t599")).toBe(true);
  });
});

test("ages are told by the server's clock", () => {
  const about = {
    viewer: { name: "local", permissions: [], signedInBy: "LOOPBACK" },
    serverInfo: { version: "1", now: "1970-01-01T00:01:00.000Z", nodeCount: 1, store: "sqlite" },
    thresholds: { vm: { cpu: 5, ramMb: 8192, storageGb: 50 } },
  } as const;
  expect(apply(emptyInventory, { kind: "about", about, at: 50_000 }).clockOffset).toBe(10_000);
});
