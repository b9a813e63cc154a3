/** Variables of the original that mean nothing any more, and names that are nearly ours. */
import type { Environment } from "./paths.ts";
import { suggest } from "./suggest.ts";
import { variableNames } from "./variables.ts";

const ours = /^(DASHBOARD|CRAWLER|ECOMAN|MONGO)_/;

/** What is often meant and goes by another name. */
const elsewhere: Readonly<Record<string, string>> = {
  MONGO_PORT: "the port goes into MONGO_HOST, as in db:27017",
  MONGO_USER: "the account is MONGO_USERNAME",
};

/** A notice each. */
export function foreignVariables(env: Environment): string[] {
  const set = Object.keys(env).filter((name) => (env[name] ?? "") !== "");
  return set.toSorted().flatMap((name) => {
    if (name.startsWith("EXECUTOR_")) return [`${name} has no effect: the executor now lives inside ECoMan.`];
    return ours.test(name) && !variableNames.some((known) => known === name) ? [unknownNotice(name)] : [];
  });
}

function unknownNotice(name: string): string {
  if (elsewhere[name] !== undefined) return `${name} has no effect: ${elsewhere[name]}.`;
  const meant = suggest(name, variableNames);
  return `${name} has no effect: there is no such variable${meant === undefined ? "." : `; did you mean ${meant}?`}`;
}
