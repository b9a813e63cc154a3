import { type Collection, MongoClient, type MongoClientOptions, type ResumeToken } from "mongodb";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { createRandom, type Random } from "../../../simulator/random.ts";
import { until } from "../until.ts";
import { whyNoChangeStreams } from "./change-streams.ts";
import { type MongoProxy, startMongoProxy } from "./proxy.ts";
import { findMongo } from "./server.ts";

interface Vm {
  _id: string;
}

const mongo = await findMongo();
const noStreams = await whyNoChangeStreams(mongo);

describe.skipIf(mongo.missing)(mongo.nameWithReason(`A line to the database that fails: ${mongo.name}`), () => {
  const database = mongo.missing === undefined ? mongo.newDatabase() : undefined;
  const direct = new MongoClient(database?.url ?? "mongodb://nowhere/");
  let random: Random;
  let proxy: MongoProxy;
  let client: MongoClient;
  let collections = 0;
  let behind: Collection<Vm>;
  let vms: Collection<Vm>;

  /** Through the proxy. Nothing is repeated by the driver, so that each fault is seen as it is. */
  const connect = (options: MongoClientOptions = {}) =>
    new MongoClient(proxy.url, { retryReads: false, retryWrites: false, serverSelectionTimeoutMS: 3000, ...options });

  beforeEach(async () => {
    collections += 1;
    random = createRandom(6);
    proxy = await startMongoProxy({ target: database?.url ?? "", random: () => random.next() });
    client = connect();
    behind = direct.db(database?.dbName).collection<Vm>(`vms_${collections}`);
    vms = client.db(database?.dbName).collection<Vm>(`vms_${collections}`);
    await vms.insertOne({ _id: "first" });
  });

  afterEach(async () => {
    await client.close();
    await proxy.close();
  });

  afterAll(async () => {
    await direct.close();
    await database?.drop();
  });

  const ids = async () => (await behind.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id);

  test("what is large passes whole, in both directions", async () => {
    const names = Array.from({ length: 3 }, (_, i) => `${i}`.repeat(2_000_000));
    await behind.drop();
    await vms.insertMany(names.map((name, i) => ({ _id: `${i}`, name })));
    expect((await vms.find().sort({ _id: 1 }).toArray()).map((vm) => "name" in vm && vm.name)).toEqual(names);
  });

  test("cut: what is under way fails, what comes next gets through", async () => {
    proxy.cut();
    expect(proxy.struck.cuts).toBeGreaterThan(0);
    await until(() => vms.findOne().catch(() => undefined));
  });

  test("refusing: nobody is found as long as it lasts, and nothing is done", async () => {
    await proxy.refuse(true);
    await expect(vms.insertOne({ _id: "refused" })).rejects.toThrow();
    await expect(vms.insertOne({ _id: "refused" })).rejects.toThrow("ECONNREFUSED");
    await proxy.refuse(false);
    await until(() => vms.findOne().catch(() => undefined));
    expect(await ids()).toEqual(["first"]);
  });

  test("silence: nothing is answered as long as it lasts, and what waited is done afterwards", async () => {
    proxy.silence(true);
    let isAnswered = false;
    const write = vms.insertOne({ _id: "late" }).finally(() => (isAnswered = true));
    await expect(connectedWithin(500)).rejects.toThrow("timed out");
    expect(isAnswered).toBe(false);
    expect(await ids()).toEqual(["first"]);
    proxy.silence(false);
    await write;
    expect(await ids()).toEqual(["first", "late"]);
    expect(proxy.struck.cuts).toBe(0);
  });

  async function connectedWithin(serverSelectionTimeoutMS: number): Promise<void> {
    await using other = connect({ serverSelectionTimeoutMS });
    await other.connect();
  }

  test("stepping down: every command is answered as by a secondary, and none is done", async () => {
    proxy.stepDown({ doneShare: 0 });
    const codes = new Set<unknown>();
    for (let i = 0; i < 8; i += 1) codes.add(await codeOf(vms.insertOne({ _id: `${i}` })));
    codes.add(await codeOf(vms.findOne()));
    expect(codes).toEqual(new Set([10_107, 189]));
    expect(proxy.struck).toEqual({ cuts: 0, lostAnswers: 0, falseAnswers: 9 });
    await proxy.calm();
    await vms.insertOne({ _id: "after" });
    expect(await ids()).toEqual(["after", "first"]);
  });

  test("stepping down: a write may be done although the answer says it was not", async () => {
    proxy.stepDown({ doneShare: 1 });
    expect([10_107, 189]).toContain(await codeOf(vms.insertOne({ _id: "done" })));
    expect(await ids()).toEqual(["done", "first"]);
  });

  test("a lost answer: the write is there, and its connection is not", async () => {
    proxy.loseAnswers(1);
    await expect(vms.insertOne({ _id: "done" })).rejects.toMatchObject({ name: "MongoNetworkError" });
    expect(await ids()).toEqual(["done", "first"]);
    expect(proxy.struck).toEqual({ cuts: 1, lostAnswers: 1, falseAnswers: 0 });
    expect(await vms.findOne({ _id: "done" })).toEqual({ _id: "done" });
  });

  test("a share of the answers is lost, and every write is there all the same", async () => {
    proxy.loseAnswers(0.3);
    const names = Array.from({ length: 20 }, (_, i) => `vm-${i + 10}`);
    const outcomes: string[] = [];
    for (const id of names) outcomes.push(await vms.insertOne({ _id: id }).then(() => "answered", nameOf));
    const lost = outcomes.filter((outcome) => outcome === "MongoNetworkError");
    expect(lost).toHaveLength(proxy.struck.lostAnswers);
    expect(lost.length).toBeGreaterThan(0);
    expect(lost.length).toBeLessThan(20);
    expect(await ids()).toEqual(["first", ...names]);
  });

  const streams = noStreams === undefined ? "" : ` (skipped: ${noStreams})`;
  test.skipIf(noStreams)(`change streams cut at random lose nothing to who resumes them${streams}`, async () => {
    const nextBreak = () => ({ afterMs: random.between(20, 400), afterBytes: random.between(0, 8000) });
    const watch = (resumeAfter?: ResumeToken) =>
      vms.watch([], { maxAwaitTimeMS: 100, ...(resumeAfter === undefined ? {} : { resumeAfter }) });
    let stream = watch();
    await stream.tryNext();
    await behind.insertOne({ _id: "before" });
    let { _id: token } = await stream.next();
    const heard: string[] = [];
    const hear = async (): Promise<void> => {
      try {
        const event = await stream.tryNext();
        if (event?.operationType !== "insert") return;
        const { _id: id } = event.fullDocument;
        heard.push(id);
        ({ _id: token } = event);
      } catch {
        await stream.close();
        stream = watch(token);
      }
    };
    proxy.cutAtRandom({ nextBreak, of: ({ name }) => name === "getMore" });
    const names = Array.from({ length: 60 }, (_, i) => `vm-${i + 10}`);
    const writing = behind.insertMany(names.map((_id) => ({ _id })));
    await until(
      async () => {
        await hear();
        return heard.length >= names.length && proxy.struck.cuts >= 10;
      },
      { withinMs: 60_000, what: "every event, and ten cuts" },
    );
    await writing;
    await stream.close();
    expect(heard).toEqual(names);
  });
});

async function codeOf(asking: Promise<unknown>): Promise<unknown> {
  return await asking.then(
    () => "none",
    (thrown: { code?: unknown }) => thrown.code,
  );
}

const nameOf = (thrown: Error): string => thrown.name;
