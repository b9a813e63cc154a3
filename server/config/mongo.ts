/** MongoDB in one variable (MONGO_URL), or in the original's four (MONGO_HOST and what goes with it). */
import type { Config } from "../config.ts";
import { type Check, hostAndPort } from "./checks.ts";
import { type MongoAddress, parseMongoUrl, urlForm } from "./mongo-url.ts";
import type { Environment } from "./paths.ts";
import { createSecret } from "./secret.ts";
import { type VariableName, variables } from "./variables.ts";

type MongoVariable = Extract<VariableName, `MONGO_${string}`>;

export interface MongoReading {
  readonly env: Environment;
  readonly refuse: (name: MongoVariable, expected: string) => void;
  readonly notice: (text: string) => void;
}

interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** MongoDB's own rule, its strictest platform's, and none of the databases that it keeps for itself. */
export const databaseName: Check<string> = {
  parse: (text) => {
    const sound = /^[^/\\. "$*<>:|?\p{Cc}]+$/u.test(text) && Buffer.byteLength(text) <= 63;
    return sound && !["admin", "config", "local"].includes(text.toLowerCase()) ? text : undefined;
  },
  expected: `a database name of at most 63 bytes, without blanks and / \\ . " $ * < > : | ? and none of MongoDB's own (admin, config, local)`,
};

/** Undefined: the embedded store, or faults were reported. */
export function readMongo(reading: MongoReading): Config["mongo"] {
  const { env, refuse, notice } = reading;
  const given = (name: MongoVariable) => env[name]?.trim() || undefined;
  const [url, host] = [given("MONGO_URL"), given("MONGO_HOST")];
  if (url === undefined && host === undefined) {
    for (const name of (["MONGO_USERNAME", "MONGO_PASSWORD", "MONGO_DBNAME"] as const).filter(given)) {
      notice(`${name} has no effect without MONGO_HOST or MONGO_URL: the data live in DATA_DIR.`);
    }
    return undefined;
  }
  const address = url === undefined ? readParts(host ?? "", reading) : readWhole(url, reading);
  const name = readDatabase(given("MONGO_DBNAME"), address?.database, refuse);
  if (address === undefined || name === undefined) return undefined;
  const password = address.password === "" ? undefined : createSecret(address.password);
  return { url: createSecret(address.url), dbName: name, shown: address.shown, password };
}

/** It says everything but the database: whatever else is set would be another answer to the same question. */
function readWhole(url: string, { env, refuse }: MongoReading): MongoAddress | undefined {
  for (const name of ["MONGO_HOST", "MONGO_USERNAME", "MONGO_PASSWORD"] as const) {
    if ((env[name] ?? "").trim() !== "")
      refuse(name, `${name} unset, because MONGO_URL is set and says that too: drop one of them`);
  }
  const address = parseMongoUrl(url);
  if (address === undefined) refuse("MONGO_URL", urlForm);
  return address;
}

function readParts(host: string, reading: MongoReading): MongoAddress | undefined {
  const credentials = readCredentials(reading);
  const hosts = host.split(",").map((member) => hostAndPort(member.trim()));
  if (hosts.includes(undefined)) {
    const form = "a host, host:port, or several separated by commas, such as db1.lab,db2.lab:27018; IPv6 in brackets";
    reading.refuse("MONGO_HOST", `${form}. A connection string goes into MONGO_URL, an account into MONGO_USERNAME`);
    return undefined;
  }
  const { username = "", password = "" } = credentials ?? {};
  const account = username === "" ? "" : `${encodeURIComponent(username)}:${encodeURIComponent(password)}@`;
  const list = hosts.join(",");
  return { url: `mongodb://${account}${list}/`, shown: `mongodb://${list}`, database: "", password };
}

/** Nothing is trimmed here: a blank may be part of a password. */
function readCredentials({ env, refuse, notice }: MongoReading): Credentials | undefined {
  const { MONGO_USERNAME: account = "", MONGO_PASSWORD: password = "" } = env;
  const username = account.trim() === "" ? "" : account;
  for (const name of ["MONGO_USERNAME", "MONGO_PASSWORD"] as const) {
    if (/\p{Cc}/u.test(env[name] ?? ""))
      refuse(
        name,
        "one line without control characters; a file written by `echo` ends with a line break, by `printf %s` not",
      );
  }
  if (username === "" && password !== "")
    notice("MONGO_PASSWORD has no effect without MONGO_USERNAME: MongoDB is used without authentication.");
  if (username !== "" && password === "")
    refuse("MONGO_PASSWORD", "the password of MONGO_USERNAME; for other ways to sign in there is MONGO_URL");
  return username === "" ? undefined : { username, password };
}

/** `inUrl`: the database in MONGO_URL's path; empty where it names none, undefined where there is no address. */
function readDatabase(
  given: string | undefined,
  inUrl: string | undefined,
  refuse: MongoReading["refuse"],
): string | undefined {
  const named = given ?? inUrl;
  const name = databaseName.parse(named || variables.MONGO_DBNAME.usual);
  if (name === undefined && given !== undefined) refuse("MONGO_DBNAME", databaseName.expected);
  else if (name === undefined) {
    const where = "in its path, or MONGO_DBNAME beside it (then the path only says where the account is)";
    refuse("MONGO_URL", `${databaseName.expected} ${where}`);
  }
  return name;
}
