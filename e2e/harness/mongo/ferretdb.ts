import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DatabaseProcess, startDatabaseProcess } from "./database-process.ts";
import { builtFerretdb } from "./ferretdb-build.ts";
import type { MortalMongo, NotHere } from "./running.ts";

/** FerretDB 1, which speaks MongoDB's wire protocol and keeps all in SQLite files. It has no change streams. */
export async function ferretdb(): Promise<MortalMongo | NotHere> {
  const built = await builtFerretdb();
  if ("notHere" in built) return built;
  const folder = await mkdtemp(join(tmpdir(), "ecoman-ferretdb-"));
  const open = (address: string) => startDatabaseProcess(built.program, [folder, address]);
  const first = await open("127.0.0.1:0");
  if ("notHere" in first) {
    await rm(folder, { recursive: true, force: true });
    return first;
  }
  const url = first.firstLine;
  let running: DatabaseProcess = first;
  return {
    name: `FerretDB ${built.version} on SQLite (a stand-in, not MongoDB)`,
    kind: "ferretdb",
    url,
    kill: () => running.kill(),
    async restart() {
      await running.kill();
      const again = await open(new URL(url).host);
      if ("notHere" in again) throw new Error(again.notHere);
      running = again;
    },
    async end() {
      await running.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
