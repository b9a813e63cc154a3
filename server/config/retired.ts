/** Variables of the original that mean something else now, or nothing. */
import type { ConfigFault } from "./faults.ts";
import type { Environment } from "./paths.ts";
import { suggest } from "./suggest.ts";
import { variableNames } from "./variables.ts";

const ours = /^(DASHBOARD|CRAWLER|ECOMAN)_/;

export function foreignVariables(env: Environment): { notices: string[]; faults: ConfigFault[] } {
  const notices: string[] = [];
  const faults: ConfigFault[] = [];
  const set = Object.keys(env).filter((name) => (env[name] ?? "") !== "");
  for (const name of set.toSorted()) {
    if (name === "MONGO_HOST" || name === "MONGO_URL") faults.push(mongoFault(name));
    else if (name.startsWith("MONGO_"))
      notices.push(`${name} has no effect: the store is the embedded one in DATA_DIR.`);
    else if (name.startsWith("EXECUTOR_")) notices.push(`${name} has no effect: the executor now lives inside ECoMan.`);
    else if (ours.test(name) && !variableNames.some((known) => known === name)) notices.push(unknownNotice(name));
  }
  return { notices, faults };
}

function mongoFault(name: string): ConfigFault {
  const expected = `${name} unset: MongoDB is not supported yet, and writing to another store than you name would be a surprise. The embedded store needs no server; its folder is DATA_DIR`;
  return { file: undefined, line: undefined, column: undefined, key: name, value: "(set)", expected };
}

function unknownNotice(name: string): string {
  const meant = suggest(name, variableNames);
  return `${name} has no effect: there is no such variable${meant === undefined ? "." : `; did you mean ${meant}?`}`;
}
