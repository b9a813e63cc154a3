/** What the store rests on, asked of the server itself: where one of these fails, it is the server that can't carry a store. */
import { type Collection, type Document, MongoBulkWriteError, MongoClient, type ResumeToken } from "mongodb";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { whyNoChangeStreams } from "./change-streams.ts";
import { findMongo } from "./server.ts";

interface Entry extends Document {
  _id: string;
  seq: number;
}

const mongo = await findMongo();
const noStreams = await whyNoChangeStreams(mongo);
const duplicate = { code: 11_000 };

describe.skipIf(mongo.missing)(mongo.nameWithReason(`What the store needs of a server: ${mongo.name}`), () => {
  const database = mongo.missing === undefined ? mongo.newDatabase() : undefined;
  const client = new MongoClient(database?.url ?? "mongodb://nowhere/");
  let entries: Collection<Entry>;
  let collections = 0;

  beforeEach(async () => {
    collections += 1;
    entries = client.db(database?.dbName).collection<Entry>(`entries_${collections}`);
    await entries.insertMany([
      { _id: "old", seq: 1 },
      { _id: "new", seq: 9 },
    ]);
  });

  afterAll(async () => {
    await client.close();
    await database?.drop();
  });

  const seqs = async () =>
    Object.fromEntries((await entries.find().sort({ _id: 1 }).toArray()).map(({ _id, seq }) => [_id, seq]));

  test("an id is taken once", async () => {
    await expect(entries.insertOne({ _id: "old", seq: 2 })).rejects.toMatchObject(duplicate);
    expect(await seqs()).toEqual({ new: 9, old: 1 });
  });

  test("of two that take the same id at the same time, one gets it", async () => {
    const takers = Array.from({ length: 20 }, (_, seq) => entries.insertOne({ _id: "next", seq }));
    const outcomes = await Promise.allSettled(takers);
    const refused = outcomes.filter(({ status }) => status === "rejected");
    expect(refused).toHaveLength(19);
    for (const outcome of refused) expect(outcome).toMatchObject({ reason: duplicate });
  });

  test("a document is replaced, or made, by a later one only", async () => {
    const put = (_id: string, seq: number) => entries.replaceOne({ _id, seq: { $lt: seq } }, { seq }, { upsert: true });
    await put("old", 5);
    await put("fresh", 5);
    await expect(put("new", 5)).rejects.toMatchObject(duplicate);
    expect(await seqs()).toEqual({ fresh: 5, new: 9, old: 5 });
  });

  test("a document changes for who saw it as it is, and for nobody else", async () => {
    const pulse = (seq: number) =>
      entries.findOneAndUpdate(
        { _id: "old", seq },
        { $set: { owner: "b" }, $inc: { seq: 1 } },
        { returnDocument: "after" },
      );
    expect(await pulse(1)).toEqual({ _id: "old", seq: 2, owner: "b" });
    expect(await pulse(1)).toBeNull();
    expect(await seqs()).toEqual({ new: 9, old: 2 });
  });

  test("unordered inserts: those that clash are named, the others are there", async () => {
    const documents = ["a", "old", "b", "new", "c"].map((_id) => ({ insertOne: { document: { _id, seq: 5 } } }));
    const failure = await entries.bulkWrite(documents, { ordered: false }).catch((thrown: unknown) => thrown);
    expect(clashesIn(failure)).toEqual([1, 3]);
    expect(await seqs()).toEqual({ a: 5, b: 5, c: 5, new: 9, old: 1 });
  });

  test("unordered replacements: those that clash are named, the others are there", async () => {
    const failure = await replaceAll(["a", "new", "old", "b"]).catch((thrown: unknown) => thrown);
    if (mongo.kind === "ferretdb") {
      // FerretDB 1 ends at the first clash, and gives the first for it: what is left has to be written one by one.
      expect(clashesIn(failure)).toEqual([0]);
      expect(await seqs()).toEqual({ a: 5, new: 9, old: 1 });
    } else {
      expect(clashesIn(failure)).toEqual([1]);
      expect(await seqs()).toEqual({ a: 5, b: 5, new: 9, old: 5 });
    }
  });

  const replaceAll = async (ids: readonly string[]) =>
    await entries.bulkWrite(
      ids.map((_id) => ({
        replaceOne: { filter: { _id, seq: { $lt: 5 } }, replacement: { seq: 5 }, upsert: true },
      })),
      { ordered: false },
    );

  test("writes wait for a majority and the disk, reads see what a majority has", async () => {
    const safe = client.db(database?.dbName).collection<Entry>(entries.collectionName, {
      readConcern: { level: "majority" },
      writeConcern: { w: "majority", journal: true },
    });
    await safe.insertOne({ _id: "safe", seq: 3 });
    expect(await safe.findOne({ _id: "safe" })).toEqual({ _id: "safe", seq: 3 });
  });

  const streams = noStreams === undefined ? "" : ` (skipped: ${noStreams})`;
  describe.skipIf(noStreams)(`change streams${streams}`, () => {
    const open = (resumeAfter?: ResumeToken) =>
      entries.watch([{ $match: { operationType: "insert" } }], {
        maxAwaitTimeMS: 200,
        ...(resumeAfter === undefined ? {} : { resumeAfter }),
      });

    test("an open stream has nothing until something is written, and then all of it", async () => {
      await using stream = open();
      expect(await stream.tryNext()).toBeNull();
      await entries.insertOne({ _id: "a", seq: 1 });
      expect(await stream.next()).toMatchObject({ operationType: "insert", fullDocument: { _id: "a", seq: 1 } });
    });

    test("a stream goes on after the event whose token it is given", async () => {
      const first = open();
      expect(await first.tryNext()).toBeNull();
      const written = ["a", "b", "c", "d"];
      for (const [seq, _id] of written.entries()) await entries.insertOne({ _id, seq });
      await first.next();
      const { _id: token } = await first.next();
      await first.close();
      await entries.insertOne({ _id: "e", seq: 4 });
      await using second = open(token);
      for (const id of ["c", "d", "e"]) expect(await second.next()).toMatchObject({ fullDocument: { _id: id } });
      expect(await second.tryNext()).toBeNull();
    });
  });
});

function clashesIn(failure: unknown): readonly number[] {
  if (!(failure instanceof MongoBulkWriteError)) throw failure;
  const errors = [failure.writeErrors].flat();
  expect(errors.map(({ code }) => code)).toEqual(errors.map(() => duplicate.code));
  return errors.map(({ index }) => index);
}
