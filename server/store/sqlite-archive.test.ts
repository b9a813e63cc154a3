import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, test } from "vitest";
import type { Clock } from "../clock.ts";
import { silentLog } from "../log.ts";
import { archiveContract } from "./archive.contract.ts";
import { fillStore, textsOf } from "./contract/archives.ts";
import { createStillClock } from "./contract/samples.ts";
import { openSqliteStore } from "./sqlite.ts";
import { createSqliteArchive } from "./sqlite-archive.ts";

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function newPlace(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "ecoman-archive-"));
  folders.push(folder);
  return join(folder, "data", "ecoman.db");
}

const openStore = (path: string, clock: Clock = createStillClock()) => openSqliteStore({ path, clock, log: silentLog });

archiveContract("SQLite", { newPlace, archive: createSqliteArchive, openStore });

test("a server that runs is told of, with what to do", async () => {
  const place = await newPlace();
  const store = await openStore(place);
  await fillStore(store);
  const reading = textsOf(createSqliteArchive(place).read());
  await expect(reading).rejects.toThrow(/in use by another process, .*Stop it, do this again, and start it/);
  await store.close();
  await expect(textsOf(createSqliteArchive(place).read())).resolves.not.toEqual([]);
});

test("a file of an earlier version is read as this one would, and stays what it is", async () => {
  const place = await newPlace();
  const store = await openStore(place);
  await fillStore(store);
  await store.close();
  const db = new DatabaseSync(place);
  db.exec("UPDATE node SET record = json_remove(record, '$.hardwareVersion', '$.guestSystems')");
  db.exec("PRAGMA user_version = 1; PRAGMA wal_checkpoint(TRUNCATE)");
  db.close();
  const before = await readFile(place);
  const texts = await textsOf(createSqliteArchive(place).read());
  expect(texts.filter((text) => text.includes('"hardwareVersion":null,"guestSystems":[]'))).toHaveLength(2);
  expect((await readFile(place)).equals(before)).toBe(true);
  await copyFile(place, join(dirname(place), "copy.db"));
  const copy = new DatabaseSync(join(dirname(place), "copy.db"), { readOnly: true });
  expect(copy.prepare("PRAGMA user_version").get()).toEqual({ user_version: 1 });
  copy.close();
});
