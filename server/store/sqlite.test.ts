import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { silentLog } from "../log.ts";
import { openSqliteStore } from "./sqlite.ts";
import { storeContract } from "./store.contract.ts";

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function newPlace(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "ecoman-store-"));
  folders.push(folder);
  return join(folder, "ecoman.db");
}

storeContract("SQLite", {
  newPlace,
  open: ({ place, clock, limits }) => openSqliteStore({ path: place, clock, limits, log: silentLog }),
  async crashedCopyOf(place) {
    const copy = await newPlace();
    await cp(dirname(place), dirname(copy), { recursive: true });
    return copy;
  },
});
