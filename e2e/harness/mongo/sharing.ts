/** One server for all test files of a run: the process that runs them starts it when the first file asks, and tells all. */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { NotHere, RunningMongo } from "./running.ts";
import { startMongo } from "./start.ts";

/** Names the socket for the processes that run the test files. */
const variable = "ECOMAN_TEST_MONGO";

export type Told = Omit<RunningMongo, "end"> | NotHere;

/**
 * Until it is ended, test files of processes that this one starts from now on find one server.
 * Undefined: there is one shared already.
 */
export async function shareMongo(): Promise<(() => Promise<void>) | undefined> {
  if (process.env[variable] !== undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "ecoman-mongo-"));
  const path = process.platform === "win32" ? `\\\\.\\pipe\\${folder}` : join(folder, "socket");
  let started: Promise<RunningMongo | NotHere> | undefined;
  const listener = createServer((socket) => {
    socket.on("error", () => undefined);
    started ??= startAndTell();
    started.then(
      (mongo) => socket.end(JSON.stringify({ mongo })),
      (thrown: unknown) =>
        socket.end(JSON.stringify({ failure: thrown instanceof Error ? thrown.message : String(thrown) })),
    );
  });
  listener.listen(path);
  await once(listener, "listening");
  process.env[variable] = path;
  return async () => {
    listener.close();
    const mongo = await started?.catch(() => undefined);
    if (mongo !== undefined && "url" in mongo) await mongo.end();
    await rm(folder, { recursive: true, force: true });
  };
}

/** Undefined: nobody shares one here. Rejects as its start did. */
export async function sharedMongo(): Promise<Told | undefined> {
  const path = process.env[variable];
  if (path === undefined) return undefined;
  const { mongo, failure } = JSON.parse(await text(connect(path))) as { mongo?: Told; failure?: string };
  if (mongo === undefined) throw new Error(failure);
  return mongo;
}

/** Says once in a run which server it was. */
export async function startAndTell(): Promise<RunningMongo | NotHere> {
  const mongo = await startMongo();
  const name = "url" in mongo ? mongo.name : `none: ${mongo.notHere}`;
  process.stdout.write(`MongoDB tests run against: ${name}\n`);
  return mongo;
}
