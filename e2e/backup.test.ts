/** What `npm run backup` and `npm run restore` refuse, and in which words. Both ways between stores: mongo-backup.test.ts. */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../server/clock.ts";
import { silentLog } from "../server/log.ts";
import { fillStore } from "../server/store/contract/archives.ts";
import { openSqliteStore } from "../server/store/sqlite.ts";
import type { InventoryStore } from "../server/store/store.ts";
import { backUp, type Ended, restore } from "./harness/backup-commands.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ecoman-backup-"));
  file = join(folder, "backup.gz");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** hosts.yml is wanting, and so is more that a server would insist on. */
const place = (name: string) => ({ DATA_DIR: join(folder, name), HOST: "0.0.0.0", CRAWLER_INTERVAL: "often" });

function openStore(name: string): Promise<InventoryStore> {
  const path = join(folder, name, "ecoman.db");
  return openSqliteStore({ path, clock: systemClock, log: silentLog });
}

async function filled(name: string): Promise<InventoryStore> {
  const store = await openStore(name);
  await fillStore(store);
  return store;
}

/** Words, not a stack, and on the right stream. */
function expectRefusal({ code, stdout, stderr }: Ended, words: RegExp, exitCode = 1): void {
  expect(stderr).toMatch(words);
  expect(stderr).not.toMatch(/\n\s+at |node:internal/);
  expect(stdout.toString()).toBe("");
  expect(code).toBe(exitCode);
}

test("a backup is restored, tells what is in it, and ends the tasks that had not ended", async () => {
  await (await filled("old")).close();
  const backup = await backUp(place("old"), file);
  expect(backup).toMatchObject({ code: 0, stderr: "" });
  expect(backup.stdout.toString()).toMatch(
    /^Backed up the SQLite database \S+old\/ecoman\.db into \S+backup\.gz \(\d+ kB\) in [\d.]+ s\.\n/,
  );
  const contents =
    "It holds 2 nodes, 3 VMs, 1 removed VM, 2 nodes' readings, 2 VMs' readings, 10 tasks, 1 request key, 11 audit entries, 1 refused login, 2 trusted host keys.";
  expect(backup.stdout.toString()).toContain(
    `${contents}\nTasks that have not ended: 3. A restore ends them as UNKNOWN`,
  );

  const restored = await restore(place("new"), file);
  expect(restored).toMatchObject({ code: 0, stderr: "" });
  expect(restored.stdout.toString()).toMatch(/^Restored \S+backup\.gz \(made at \S+ by ECoMan \S+ from sqlite\) into/);
  expect(restored.stdout.toString()).toContain(`${contents}\nTasks that had not ended, UNKNOWN now: 3.`);
  const store = await openStore("new");
  expect(await store.verifyAudit()).toBeUndefined();
  expect(await store.task("t3")).toMatchObject({
    state: "UNKNOWN",
    error: { code: "OUTCOME_UNKNOWN", message: expect.stringMatching(/had not ended when the backup was made \(20/) },
    finishedAt: expect.any(String),
  });
  expect(await store.task("t1")).toMatchObject({ state: "SUCCEEDED", hostOutput: "done" });
  await store.close();
});

test("a backup goes to standard output, its report beside it", async () => {
  await (await filled("old")).close();
  const { code, stdout, stderr } = await backUp(place("old"), "-");
  expect(stderr).toMatch(/^Backed up .*\nIt holds 2 nodes/);
  expect(gunzipSync(stdout).toString()).toMatch(/^\{"format":"ecoman-backup","version":1,.*\n\{"kind":"heads",/);
  expect(code).toBe(0);
});

test("a store in use, and none at all, are not backed up", async () => {
  const store = await filled("old");
  expectRefusal(await backUp(place("old"), file), /in use by another process, probably a running ECoMan\. Stop it/);
  await store.close();
  expectRefusal(await backUp(place("typo"), file), /There is no database \S+typo\/ecoman\.db\. Look at DATA_DIR/);
  expect(await readdir(folder)).toEqual(["old"]);
});

test("a store with anything in it is not restored into, and stays as it is", async () => {
  await (await filled("old")).close();
  await backUp(place("old"), file);
  const store = await openStore("other");
  await store.trustHostKey("alpha", "SHA256:mine");
  await store.close();
  expectRefusal(await restore(place("other"), file), /a restore overwrites nothing\. Move the file .* DATA_DIR/);
  const after = await openStore("other");
  expect(await after.trustedHostKeys("alpha")).toEqual(["SHA256:mine"]);
  expect(await after.load()).toMatchObject({ nodes: [], vms: [] });
  await after.close();
});

test("a file that was cut or altered, or of a newer ECoMan, is refused before anything is made", async () => {
  await (await filled("old")).close();
  await backUp(place("old"), file);
  const whole = await readFile(file);
  const text = gunzipSync(whole).toString();
  const spoilt: [string, Buffer, RegExp][] = [
    ["cut", whole.subarray(0, whole.length - 20), /no whole backup: it ends too early/],
    ["altered", gzipSync(text.replace("renamed", "Renamed")), /no whole backup: it was altered/],
    ["newer", gzipSync(text.replace('"version":1', '"version":9')), /made by a newer ECoMan .* with that version/],
  ];
  for (const [name, bytes, words] of spoilt) {
    await writeFile(join(folder, name), bytes);
    expectRefusal(await restore(place("new"), join(folder, name)), words);
  }
  expect(await readdir(folder)).not.toContain("new");
});

test("a wrong command line and wrong settings are told", async () => {
  expectRefusal(await restore(place("new")), /Which file\?[^]*npm run restore -- FILE/);
  expectRefusal(await restore(place("new"), "a", "b"), /One file was expected, not 2\.[^]*npm run restore -- FILE/);
  expectRefusal(await backUp(place("old"), "--into", file), /--into[^]*npm run backup \[-- FILE\]/);
  const wrong = { ...place("old"), MONGO_URL: "mongo.lab" };
  expectRefusal(await backUp(wrong, file), /One fault in the configuration:[^]*MONGO_URL/, 2);
  const help = await backUp({}, "--help");
  expect(help.stdout.toString()).toContain("npm run backup [-- FILE]");
});
