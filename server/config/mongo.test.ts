import { inspect } from "node:util";
import { MongoClient } from "mongodb";
import { describe, expect, test } from "vitest";
import { describeFault } from "./faults.ts";
import type { Environment } from "./paths.ts";
import { secretsOf } from "./secrets-of.ts";
import { createTestFolder } from "./test-folder.ts";

const hosts = "esx1: {addr: a, username: root, identity_file_path: id_test}";

async function read(env: Environment) {
  const folder = await createTestFolder(hosts);
  return await folder.read(env);
}

async function faultsOf(env: Environment) {
  const folder = await createTestFolder(hosts);
  return await folder.faults(env);
}

async function keysAtFault(env: Environment) {
  return (await faultsOf(env)).map(({ key }) => key);
}

/** What the driver makes of it; nothing is connected. */
async function asDriverSees(env: Environment) {
  const { mongo } = await read(env);
  const { hosts: members, credentials } = new MongoClient(mongo?.url.reveal() ?? "").options;
  const { username, password, source } = credentials ?? {};
  return { members: members.map(String), username, password, source };
}

describe("MONGO_HOST", () => {
  test.each([
    ["db", ["db:27017"]],
    ["db.lab:27018", ["db.lab:27018"]],
    [" db1.lab, db2.lab:27018 ,[fd00::5]:27019", ["db1.lab:27017", "db2.lab:27018", "[fd00::5]:27019"]],
    ["192.0.2.7", ["192.0.2.7:27017"]],
  ])("%j names %j, without authentication", async (host, members) => {
    const env = { MONGO_HOST: host, MONGO_USERNAME: "" };
    expect(await asDriverSees(env)).toMatchObject({ members, username: undefined });
    expect((await read(env)).mongo).toMatchObject({ dbName: "ecoman", password: undefined });
  });

  test.each([
    "mongodb://db",
    "user:correct-horse@db",
    "db:0",
    "db:65536",
    "db1,,db2",
    "fd00::5",
    "db/ecoman",
    "db?x=1",
    "db db2",
  ])("%j is refused, and no password in it shown", async (host) => {
    const faults = await faultsOf({ MONGO_HOST: host });
    expect(faults.map(({ key }) => key)).toEqual(["MONGO_HOST"]);
    expect(faults.map(describeFault).join()).not.toContain("correct-horse");
  });
});

describe("MONGO_USERNAME and MONGO_PASSWORD", () => {
  test.each(["p@ss:w/o%r#d?", "%40", "a b", " both ends ", "пароль😀", "'!()*~&=+$,;[]{}|\\^`\"<>", "%", "$&$1"])(
    "reach the driver as they are: %j",
    async (text) => {
      const env = { MONGO_HOST: "db1,db2:27018", MONGO_USERNAME: text, MONGO_PASSWORD: text };
      const members = ["db1:27017", "db2:27018"];
      expect(await asDriverSees(env)).toMatchObject({ members, username: text, password: text, source: "admin" });
    },
  );

  test("go together", async () => {
    expect(await keysAtFault({ MONGO_HOST: "db", MONGO_USERNAME: "me" })).toEqual(["MONGO_PASSWORD"]);
    const { notices, mongo } = await read({ MONGO_HOST: "db", MONGO_PASSWORD: "correct-horse" });
    expect(notices).toEqual([expect.stringContaining("MONGO_PASSWORD has no effect without MONGO_USERNAME")]);
    expect(mongo?.url.reveal()).toBe("mongodb://db/");
  });

  test("with a line break are refused unseen", async () => {
    const faults = await faultsOf({ MONGO_HOST: "db", MONGO_USERNAME: "me", MONGO_PASSWORD: "correct-horse\n" });
    expect(faults).toMatchObject([{ key: "MONGO_PASSWORD", value: expect.stringContaining("hidden") }]);
  });

  test("without a MongoDB have no effect", async () => {
    const { notices, mongo } = await read({ MONGO_USERNAME: "me", MONGO_PASSWORD: "p", MONGO_DBNAME: "a b" });
    expect(mongo).toBeUndefined();
    expect(notices.map((notice) => notice.split(" ")[0])).toEqual(["MONGO_USERNAME", "MONGO_PASSWORD", "MONGO_DBNAME"]);
  });
});

describe("MONGO_URL", () => {
  test.each([
    ["mongodb://db", "mongodb://db", "ecoman"],
    ["mongodb://u:p%40ss@db1:27018,db2/inventory?replicaSet=rs0", "mongodb://db1:27018,db2", "inventory"],
    ["mongodb://db1,db2?replicaSet=rs0", "mongodb://db1,db2", "ecoman"],
    ["mongodb://[fd00::5]:27018/", "mongodb://[fd00::5]:27018", "ecoman"],
    ["mongodb://%2Ftmp%2Fmongodb-27017.sock/x", "mongodb://%2Ftmp%2Fmongodb-27017.sock", "x"],
    ["mongodb+srv://u:p%40ss@cluster0.example.net/?retryWrites=true", "mongodb+srv://cluster0.example.net", "ecoman"],
    [" mongodb://db/inv%C3%A9\n", "mongodb://db", "invé"],
  ])("%j is shown as %j, its database is %j", async (url, shown, dbName) => {
    const { mongo } = await read({ MONGO_URL: url });
    expect(mongo).toMatchObject({ shown, dbName });
    expect(mongo?.url.reveal()).toBe(url.trim());
    expect(() => new MongoClient(mongo?.url.reveal() ?? "")).not.toThrow();
  });

  test.each([
    "db:27017",
    "postgres://db/ecoman",
    "mongodb://",
    "mongodb://:27017",
    "mongodb://db:port",
    "mongodb://db:99999",
    "mongodb+srv://a.example.net,b.example.net",
    "mongodb+srv://a.example.net:27017",
    "mongodb://user:correct@horse@db",
    "mongodb://user:correct@horse/x@db",
    "mongodb://user:correct@horse?x@db",
    "mongodb://user:correct/horse@db",
    "mongodb://user:correct%horse@db",
    "mongodb://correct/horse@db",
    "mongodb://db/%E0%A4%A",
  ])("%j is refused unseen", async (url) => {
    const faults = await faultsOf({ MONGO_URL: url });
    expect(faults.map(({ key }) => key)).toEqual(["MONGO_URL"]);
    expect(faults.map(describeFault).join()).not.toMatch(/correct|horse/);
  });

  test("stands alone", async () => {
    const env = { MONGO_URL: "mongodb://db", MONGO_HOST: "db", MONGO_USERNAME: "me", MONGO_PASSWORD: "correct-horse" };
    const faults = await faultsOf(env);
    expect(faults.map(({ key }) => key)).toEqual(["MONGO_HOST", "MONGO_USERNAME", "MONGO_PASSWORD"]);
    expect(faults.map(describeFault).join()).not.toContain("correct-horse");
  });
});

describe("MONGO_DBNAME", () => {
  test("stands above MONGO_URL's path, which then only says where the account is", async () => {
    const { mongo } = await read({ MONGO_URL: "mongodb://u:p@db/admin", MONGO_DBNAME: "inventory" });
    expect(mongo?.dbName).toBe("inventory");
    expect(new MongoClient(mongo?.url.reveal() ?? "").options.credentials?.source).toBe("admin");
  });

  test.each(["admin", "Local", "config", "a/b", "a\\b", "a.b", 'a"b', "a$b", "a*b", "a<b", "a:b", "a|b", "a?b", "a b"])(
    "%j is refused, in MONGO_URL's path too",
    async (name) => {
      expect(await keysAtFault({ MONGO_HOST: "db", MONGO_DBNAME: name })).toEqual(["MONGO_DBNAME"]);
      const url = `mongodb://db/${encodeURIComponent(name)}`;
      expect(await keysAtFault({ MONGO_URL: url })).toEqual(["MONGO_URL"]);
    },
  );

  test("may have 63 bytes", async () => {
    expect((await read({ MONGO_HOST: "db", MONGO_DBNAME: "a".repeat(63) })).mongo?.dbName).toHaveLength(63);
    expect(await keysAtFault({ MONGO_HOST: "db", MONGO_DBNAME: "é".repeat(32) })).toEqual(["MONGO_DBNAME"]);
  });
});

test("every fault is told at once", async () => {
  const env = { MONGO_HOST: "db:x", MONGO_USERNAME: "me", MONGO_DBNAME: "a b", PORT: "x" };
  expect(await keysAtFault(env)).toEqual(["PORT", "MONGO_PASSWORD", "MONGO_HOST", "MONGO_DBNAME"]);
});

test.each([
  { MONGO_HOST: "db", MONGO_USERNAME: "me", MONGO_PASSWORD: "correct@horse" },
  { MONGO_URL: "mongodb://me:correct%40horse@db" },
])("the password is printed by nothing, and told to the log to hide", async (env) => {
  const config = await read(env);
  expect(inspect(config, { depth: 9, showHidden: true })).not.toMatch(/correct|horse/);
  expect(JSON.stringify(config)).not.toMatch(/correct|horse/);
  const hidden = secretsOf(config).map((secret) => secret.reveal());
  expect(hidden).toEqual([config.mongo?.url.reveal(), "correct@horse"]);
});
