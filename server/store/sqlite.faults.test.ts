import { spawn, spawnSync } from "node:child_process";
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isAppError } from "../errors.ts";
import { silentLog } from "../log.ts";
import type { StillClock } from "./contract/samples.ts";
import { aNode, aTask, aUsage, aVm, createStillClock } from "./contract/samples.ts";
import type { SqliteStoreLimits } from "./sqlite.ts";
import { openSqliteStore } from "./sqlite.ts";
import type { InventoryStore } from "./store.ts";

const child = fileURLToPath(new URL("sqlite.child.ts", import.meta.url));
let folder = "";
let path = "";
let clock: StillClock;
const opened: InventoryStore[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ecoman-sqlite-"));
  path = join(folder, "data", "ecoman.db");
  clock = createStillClock();
});

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(limits: SqliteStoreLimits = {}): Promise<InventoryStore> {
  const store = await openSqliteStore({ path, clock, log: silentLog, limits });
  opened.push(store);
  return store;
}

/** Closes the stores, changes the file behind ECoMan's back, and opens it again. */
async function afterEditing(sql: string): Promise<InventoryStore> {
  for (const store of opened.splice(0)) await store.close();
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
  return open();
}

describe("the file", () => {
  it("is made with its folder, for the owner's eyes only", async () => {
    const store = await open();
    await store.apply({ nodes: [aNode({ name: "alpha" })] });
    for (const name of await readdir(join(folder, "data"))) {
      expect((await stat(join(folder, "data", name))).mode & 0o077, name).toBe(0);
    }
  });

  it("is closed to others again when it was open to them", async () => {
    await (await open()).close();
    await chmod(path, 0o644);
    await open();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("is refused to a second process, with a word what to do, and free after the first ended", async () => {
    const store = await open();
    const second = spawnSync(process.execPath, [child, path, "open"], { encoding: "utf8" });
    expect(JSON.parse(second.stdout)).toEqual({ code: "CONFLICT", message: expect.stringContaining("DATA_DIR") });
    await store.apply({ nodes: [aNode({ name: "alpha" })] });
    await store.close();
    const third = spawnSync(process.execPath, [child, path, "open"], { encoding: "utf8" });
    expect(JSON.parse(third.stdout)).toBe("open");
  });

  it("is refused when a newer ECoMan wrote it", async () => {
    await open();
    await expect(afterEditing("PRAGMA user_version = 999")).rejects.toSatisfy((error) => isAppError(error, "CONFLICT"));
  });

  it("of an earlier format is brought up to date: what a node could not tell then is not known", async () => {
    await (await open()).apply({ nodes: [aNode({ name: "alpha" })] });
    const older =
      "UPDATE node SET record = json_remove(record, '$.hardwareVersion', '$.guestSystems'); PRAGMA user_version = 1";
    const { nodes } = await (await afterEditing(older)).load();
    expect(nodes).toEqual([aNode({ name: "alpha", hardwareVersion: null, guestSystems: [] })]);
  });

  it("is refused, and left alone, when it is something else", async () => {
    await (await open()).close();
    await writeFile(path, "this was never a database, however long one looks at it".repeat(100));
    await expect(open()).rejects.toThrow(/damaged or no ECoMan database/);
    expect((await stat(path)).size).toBe(5500);
  });
});

describe("readings", () => {
  it("are written once a minute", async () => {
    const store = await open();
    await store.apply({ vms: [aVm({ id: "a" })] });
    await store.pulse({ nodes: [], usages: [aUsage({ vmId: "a" })] });
    const written = (): number => spawnCountOfUsages();
    clock.advance(59_000);
    await new Promise(setImmediate);
    expect(written()).toBe(0);
    clock.advance(1_000);
    await expect.poll(written, { timeout: 10_000 }).toBe(1);
  });

  /** The lock keeps others out, so what is on disk is judged by a copy. */
  function spawnCountOfUsages(): number {
    spawnSync("cp", ["-r", join(folder, "data"), join(folder, "copy")]);
    const db = new DatabaseSync(join(folder, "copy", "ecoman.db"));
    const count = Number(db.prepare("SELECT count(*) AS n FROM vm_usage").get()?.["n"]);
    db.close();
    spawnSync("rm", ["-r", join(folder, "copy")]);
    return count;
  }
});

describe("a slow watcher", () => {
  it("is reset when the bounded news have moved on without it", async () => {
    const store = await open({ newsRecords: 10 });
    const { revision } = await store.load();
    const watch = store.watch(revision, AbortSignal.timeout(15_000))[Symbol.asyncIterator]();
    await store.apply({ vms: [aVm({ id: "first" })] });
    expect(await watch.next()).toMatchObject({ value: { kind: "change" } });
    for (let index = 0; index < 11; index += 1) await store.apply({ vms: [aVm({ id: `vm-${index}` })] });
    expect(await watch.next()).toEqual({ done: false, value: { kind: "reset" } });
    expect(await watch.next()).toEqual({ done: true, value: undefined });
  });

  it("still gets a change that is larger than all the news kept", async () => {
    const store = await open({ newsRecords: 10 });
    const { revision } = await store.load();
    const vms = Array.from({ length: 100 }, (_, index) => aVm({ id: `vm-${index}` }));
    await store.apply({ vms });
    const watch = store.watch(revision, AbortSignal.timeout(15_000))[Symbol.asyncIterator]();
    expect(await watch.next()).toMatchObject({ value: { kind: "change", change: { vms } } });
  });
});

describe("the audit log", () => {
  beforeEach(async () => {
    const store = await open();
    for (const id of ["t1", "t2", "t3", "t4", "t5"]) {
      await store.createTask({ task: aTask({ id }), idempotencyKey: null, inputHash: "h" });
    }
  });

  it.each([
    ["an altered entry", "UPDATE audit SET actor = 'someone else' WHERE sequence = 3", 3],
    ["an altered input", "UPDATE audit SET input = '{}' WHERE sequence = 1", 1],
    ["a removed entry", "DELETE FROM audit WHERE sequence = 2", 2],
    [
      "a removed entry with the others moved up",
      "DELETE FROM audit WHERE sequence = 2; UPDATE audit SET sequence = sequence - 1 WHERE sequence > 2",
      2,
    ],
    [
      "two entries changed over",
      "UPDATE audit SET sequence = 9 WHERE sequence = 3; UPDATE audit SET sequence = 3 WHERE sequence = 4; UPDATE audit SET sequence = 4 WHERE sequence = 9",
      3,
    ],
    ["a tail cut off", "DELETE FROM audit WHERE sequence > 3", 4],
    ["the log emptied", "DELETE FROM audit", 1],
    [
      "an entry put in at the end",
      "INSERT INTO audit SELECT 6, at, actor, action, task_id, node, vm_id, input, previous_hash, hash FROM audit WHERE sequence = 5",
      6,
    ],
    ["a head rewritten", "UPDATE meta SET value = 'f' WHERE key = 'audit_head'", 5],
  ])("shows %s", async (_, sql, sequence) => {
    expect(await (await afterEditing("SELECT 1")).verifyAudit()).toBeUndefined();
    expect(await (await afterEditing(sql)).verifyAudit()).toBe(sequence);
  });
});

describe("a process that dies or starves", () => {
  it("loses no acknowledged task when it is killed in mid-write", async () => {
    for (const kill of [5, 40, 120]) {
      const acknowledged = await killAfter(kill);
      const store = await open();
      for (const { id, progress } of acknowledged) {
        expect((await store.task(id))?.progress).toBeGreaterThanOrEqual(progress);
      }
      expect(await store.verifyAudit()).toBeUndefined();
      expect((await store.audit()).length).toBe((await store.tasks({ filter: {}, limit: 1 })).totalCount);
      await store.close();
      await rm(join(folder, "data"), { recursive: true });
    }
  });

  /** What it had acknowledged when it was killed, at a moment of the disk's choosing. */
  async function killAfter(lines: number): Promise<{ id: string; progress: number }[]> {
    const writer = spawn(process.execPath, [child, path, "save"], { stdio: ["ignore", "pipe", "inherit"] });
    const acknowledged: { id: string; progress: number }[] = [];
    for await (const line of createInterface({ input: writer.stdout })) {
      if (line !== '"open"') acknowledged.push(JSON.parse(line));
      if (acknowledged.length === lines) writer.kill("SIGKILL");
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(lines);
    return acknowledged;
  }

  it("refuses what a failing disk does not take, and nothing of it is stored", () => {
    const refused = fillWith("ulimit -f 600");
    expect(refused).toMatchObject({ code: "INTERNAL", message: expect.stringMatching(/fails to read or write/) });
    expectNothingHalf(refused);
  });

  const canMount = spawnSync("unshare", ["-rm", "mount", "-t", "tmpfs", "none", tmpdir()]).status === 0;
  it.skipIf(!canMount)(
    "says that the disk is full, and nothing is half written [needs leave to mount a tmpfs]",
    async () => {
      const refused = fillWith(
        `mkdir -p '${folder}/data' && mount -t tmpfs -o size=1m none '${folder}/data' && head -c 200000 /dev/zero > '${path}.ballast'`,
        "unshare -rm",
      );
      expect(refused).toMatchObject({ code: "OUT_OF_SPACE", message: expect.stringContaining(path) });
      expectNothingHalf(refused);
      expect(refused).toMatchObject({ goesOn: true });
    },
  );

  function fillWith(preparation: string, runner = ""): unknown {
    const command = `${runner} sh -c "${preparation} && exec '${process.execPath}' '${child}' '${path}' fill"`;
    const run = spawnSync("sh", ["-c", command], { encoding: "utf8" });
    return JSON.parse(run.stdout.trim().split("\n").at(-1) ?? "");
  }

  function expectNothingHalf(refused: unknown): void {
    const { recorded, audited, ...rest } = refused as Record<string, number>;
    expect(recorded).toBeGreaterThan(0);
    expect(audited).toBe(recorded);
    expect(rest).toMatchObject({ isWhole: true, halfWritten: false });
  }
});
