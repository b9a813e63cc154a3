import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isAppError } from "../errors.ts";
import { hasEnded } from "../model.ts";
import type { ArchiveRecord, StoreArchive } from "../store/archive.ts";
import { someArchive } from "../store/contract/archive-records.ts";
import { recordsIn, writtenTo } from "../store/contract/archives.ts";
import { aTask } from "../store/contract/samples.ts";
import { encodeBackup } from "./encode.ts";
import { type BackupHeader, createTally, formatName } from "./format.ts";
import { restoreBackup } from "./restore-backup.ts";
import { writeBackupFile } from "./write-file.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ecoman-backup-"));
  path = join(folder, "backup.jsonl.gz");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const header: BackupHeader = { format: formatName, version: 1, madeAt: "now", store: "sqlite", ecoman: "1.0.0" };
const heads: ArchiveRecord = { kind: "heads", revision: 3, oldestResumable: 0, audit: { count: 0, hash: "h" } };
const few: readonly ArchiveRecord[] = [
  heads,
  { kind: "task", sequence: 1, task: aTask({ id: "t1", state: "SUCCEEDED" }) },
  { kind: "hostKey", node: "alpha", fingerprint: "SHA256:one" },
];

function linesOf(records: readonly ArchiveRecord[]): AsyncGenerator<string> {
  return encodeBackup({ header, records: writtenTo(records), tally: createTally() });
}

/** What a restore of the file at `path` would put into a store; undefined: it touched none. */
async function restored(): Promise<readonly ArchiveRecord[] | undefined> {
  let written: ArchiveRecord[] | undefined;
  const archive: Pick<StoreArchive, "write"> = {
    async write(records) {
      written = await recordsIn(records);
    },
  };
  const end = (task: ReturnType<typeof aTask>) => ({ ...task, state: "UNKNOWN" as const, finishedAt: "then" });
  await restoreBackup({ path, archive: archive as StoreArchive, end });
  return written;
}

/** The code and message of the refusal. */
async function refusal(): Promise<string> {
  let touched: unknown;
  const thrown: unknown = await restored().then(
    (records) => (touched = records),
    (error: unknown) => error,
  );
  expect(touched).toBeUndefined();
  expect(isAppError(thrown), String(thrown)).toBe(true);
  return isAppError(thrown) ? `${thrown.code} ${thrown.message}` : "";
}

/** The file with its text changed. */
async function rewrite(change: (text: string) => string): Promise<void> {
  await rm(path, { force: true });
  await writeBackupFile(path, linesOf(few));
  await writeFile(path, gzipSync(change(gunzipSync(await readFile(path)).toString())));
}

test("what is backed up is restored, but tasks that had not ended are ended", async () => {
  await fc.assert(
    fc.asyncProperty(someArchive, async (records) => {
      await rm(path, { force: true });
      await writeBackupFile(path, linesOf(records));
      const back = await restored();
      expect(back).toHaveLength(records.length);
      for (const [index, record] of records.entries()) {
        if (record.kind === "task" && !hasEnded(record.task)) {
          expect(back?.[index]).toMatchObject({ task: { id: record.task.id, state: "UNKNOWN", finishedAt: "then" } });
        } else expect(back?.[index]).toEqual(record);
      }
    }),
    { numRuns: 40 },
  );
});

test("a long record comes back whole", async () => {
  const task = aTask({ id: "t1", state: "SUCCEEDED", hostOutput: "0123456789\n".repeat(300_000) });
  await writeBackupFile(path, linesOf([heads, { kind: "task", sequence: 1, task }]));
  expect(await restored()).toEqual([heads, { kind: "task", sequence: 1, task }]);
});

describe("the file", () => {
  test("is its owner's alone, and has its name only when it is whole", async () => {
    async function* watched(): AsyncGenerator<string> {
      yield "a line\n";
      expect(await readdir(folder)).toEqual([expect.stringMatching(/^backup\.jsonl\.gz\.[0-9a-f]{8}\.part$/)]);
    }
    await writeBackupFile(path, watched());
    expect(await readdir(folder)).toEqual(["backup.jsonl.gz"]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test("leaves no part of it when the store fails", async () => {
    async function* failing(): AsyncGenerator<string> {
      yield "a line\n";
      throw new Error("the store failed");
    }
    await expect(writeBackupFile(path, failing())).rejects.toThrow("the store failed");
    expect(await readdir(folder)).toEqual([]);
  });

  test("overwrites none", async () => {
    await writeFile(path, "precious");
    await expect(writeBackupFile(path, linesOf(few))).rejects.toThrow(/There is a file .* already/);
    expect(await readFile(path, "utf8")).toBe("precious");
  });

  test("can't be written where there is no folder, and says so", async () => {
    const nowhere = join(folder, "no such folder", "backup.gz");
    await expect(writeBackupFile(nowhere, linesOf(few))).rejects.toThrow(`${nowhere} can't be used: ENOENT`);
  });
});

describe("nothing is restored from a file", () => {
  test("of which any character was changed", async () => {
    const whole = (await text()).length;
    await fc.assert(
      fc.asyncProperty(fc.nat(whole - 1), fc.constantFrom("x", "0", " ", "\n", "é"), async (at, instead) => {
        await rewrite((before) => {
          fc.pre(before[at] !== instead);
          return before.slice(0, at) + instead + before.slice(at + 1);
        });
        expect(await refusal()).toContain(path);
      }),
      { numRuns: 200 },
    );
  });

  test("that was cut anywhere, before packing or after", async () => {
    const whole = (await text()).length;
    await fc.assert(
      fc.asyncProperty(fc.nat(whole - 1), async (at) => {
        await rewrite((before) => before.slice(0, at));
        expect(await refusal()).toMatch(/^INVALID_INPUT .* is no whole backup/);
      }),
      { numRuns: 100 },
    );
    await rewrite((before) => before);
    const packed = await readFile(path);
    for (let at = 0; at < packed.length; at += 7) {
      await writeFile(path, packed.subarray(0, at));
      expect(await refusal()).toMatch(/^INVALID_INPUT .* is no whole backup/);
    }
  });

  test("in which a packed byte was changed, unless it says the same", async () => {
    await rewrite((before) => before);
    const packed = await readFile(path);
    for (let at = 0; at < packed.length; at += 1) {
      const damaged = Buffer.from(packed);
      damaged[at] = (damaged[at] ?? 0) ^ 0x41;
      await writeFile(path, damaged);
      const outcome: unknown = await restored().catch((error: unknown) => error);
      if (Array.isArray(outcome)) expect(outcome).toEqual(few);
      else expect(isAppError(outcome, "INVALID_INPUT"), `byte ${at}: ${String(outcome)}`).toBe(true);
    }
  });

  test("to which something was added", async () => {
    await rewrite((before) => `${before}${JSON.stringify(heads)}\n`);
    expect(await refusal()).toContain("something follows its end");
  });

  test("of a newer ECoMan, and it is told that it is one", async () => {
    await rewrite((before) => before.replace('"version":1', '"version":2'));
    expect(await refusal()).toMatch(/^CONFLICT .* newer ECoMan \(its format is 2, this one reads up to 1\)/);
  });

  test.each([
    ["text", "some text\n"],
    ["other JSON", '{"a":1}\n'],
    ["nothing", ""],
  ])("of %s", async (_name, content) => {
    await writeFile(path, gzipSync(content));
    expect(await refusal()).toMatch(/is no whole backup: it (does not begin as a backup|ends too early)/);
    await writeFile(path, content);
    expect(await refusal()).toMatch(/is no whole backup/);
  });

  test("that is not there, or is a folder", async () => {
    expect(await refusal()).toContain("ENOENT");
    path = folder;
    expect(await refusal()).toContain("EISDIR");
  });

  test.each<[string, readonly unknown[]]>([
    ["has no heads", few.slice(1)],
    ["has heads twice", [heads, heads]],
    ["is out of order", [heads, few[2], few[1]]],
    ["has a kind that nobody knows", [heads, { kind: "lease", node: "alpha" }]],
    ["has an object where text belongs", [heads, { kind: "hostKey", node: { $ne: 1 }, fingerprint: "f" }]],
    ["has a number that is none", [heads, { ...few[1], sequence: 1.5 }]],
    ["has a task without a node", [heads, { ...few[1], task: { ...aTask({ id: "t" }), node: undefined } }]],
  ])("that %s, though its hash is right", async (_name, records) => {
    await writeBackupFile(path, linesOf(records as readonly ArchiveRecord[]));
    expect(await refusal()).toMatch(/line \d is (no record|out of its order)/);
  });
});

test("a file that is altered after it was checked makes the store's writing fail", async () => {
  await rewrite((before) => before);
  let written: unknown;
  const archive: Pick<StoreArchive, "write"> = {
    async write(records) {
      await rewrite((before) => before.replace("SHA256:one", "SHA256:two"));
      written = await recordsIn(records);
    },
  };
  const restoring = restoreBackup({ path, archive: archive as StoreArchive, end: (task) => task });
  await expect(restoring).rejects.toThrow("its hash is another one");
  expect(written).toBeUndefined();
});

test("the last line's hash is that of all before it, as anybody can compute it", async () => {
  const lines = (await text()).split("\n").slice(0, -1);
  const before = lines.slice(0, -1).map((line) => `${line}\n`);
  const { sha256, counts } = JSON.parse(lines.at(-1) ?? "") as { sha256: string; counts: object };
  expect(sha256).toBe(createHash("sha256").update(before.join("")).digest("hex"));
  expect(counts).toEqual({ heads: 1, task: 1, hostKey: 1 });
});

async function text(): Promise<string> {
  let all = "";
  for await (const line of linesOf(few)) all += line;
  return all;
}
