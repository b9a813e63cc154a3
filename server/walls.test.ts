import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { findBreaches } from "../scripts/walls.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** By the build. */
const made = /^client\/(gql|dist)\//;

function readTree(): Map<string, string> {
  const folders = ["server", "simulator", "client", "e2e", "bench", "scripts"];
  const paths = folders.flatMap((folder) =>
    readdirSync(root).includes(folder)
      ? readdirSync(root + folder, { recursive: true, encoding: "utf8" }).map((file) => `${folder}/${file}`)
      : [],
  );
  const sources = paths
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => /\.tsx?$/.test(path) && !made.test(path));
  return new Map(sources.map((path) => [path, readFileSync(root + path, "utf8")]));
}

test("the walls between the rooms hold", () => {
  const tree = readTree();
  expect(tree.size).toBeGreaterThan(50);
  expect(findBreaches(tree)).toEqual([]);
});

describe("a breach is found", () => {
  const breachesOf = (files: Record<string, string>) => findBreaches(new Map(Object.entries(files)));

  test.each([
    ["a store in esxi", "server/esxi/scan.ts", 'import { x } from "../store/store.ts";'],
    ["a type of the schema in the crawler", "server/crawler/x.ts", 'import type { X } from "../schema/context.ts";'],
    ["an adapter in the crawler", "server/crawler/x.ts", 'import { x } from "../store/sqlite.ts";'],
    ["ssh in a parser", "server/esxi/parse/x.ts", 'import { connect } from "../ssh/connect.ts";'],
    ["ssh2 in a parser", "server/esxi/parse/x.ts", 'import type { Client } from "ssh2";'],
    ["ssh2 in tasks", "server/tasks/x.ts", 'const { Client } = await import("ssh2");'],
    ["anything in the model", "server/model.ts", 'export { x } from "./errors.ts";'],
    ["the server in the simulator", "simulator/x.ts", 'import { x } from "../server/errors.ts";'],
    ["the server in a test of the simulator", "simulator/x.test.ts", 'import { x } from "../server/errors.ts";'],
    ["the server in the client", "client/x.ts", 'type X = import("../server/model.ts").Vm;'],
    ["a page in the inventory", "client/inventory/x.ts", 'import { x } from "../pages/vms/x.ts";'],
    ["the API's library in a page", "client/pages/vms/x.tsx", 'import { gql } from "@urql/core"; const x = <p />;'],
    ["the simulator in the server", "server/schema/x.ts", 'import { x } from "../../simulator/simulator.ts";'],
    ["an adapter in a resolver", "server/schema/x.ts", 'export * from "../esxi/ssh/connect.ts";'],
    ["pino outside of the logger", "server/crawler/x.ts", 'import { pino } from "pino";'],
    ["a database outside of the store", "server/inventory/x.ts", 'import { DatabaseSync } from "node:sqlite";'],
    ["a program started on this machine", "server/esxi/ssh/x.ts", 'import { exec } from "node:child_process";'],
    ["a room nobody knows", "server/misc.ts", ""],
    ["a drawer", "server/esxi/utils.ts", ""],
    ["a long file", "server/esxi/x.ts", "x();\n".repeat(301)],
    ["a shell line made by hand", "server/tasks/x.ts", "const x = `vim-cmd vmsvc/power.on ${1}`;"],
    ["quoting by hand", "server/esxi/x.ts", "const x = String.raw`'\\''`;"],
  ])("for %s", (_name, path, text) => {
    const breaches = breachesOf({ [path]: text });
    expect(breaches.length).toBeGreaterThan(0);
    expect(breaches.join()).toContain(path);
  });

  test("for a circle, through types too", () => {
    const files = {
      "server/esxi/a.ts": 'import { b } from "./b.ts";',
      "server/esxi/b.ts": 'import type { C } from "./c.ts";',
      "server/esxi/c.ts": 'import { a } from "./a.ts";',
    };
    expect(breachesOf(files).join()).toContain("a.ts → server/esxi/b.ts → server/esxi/c.ts → server/esxi/a.ts");
  });

  test("with the right door named", () => {
    const [breach] = breachesOf({ "server/crawler/x.ts": '\nimport { x } from "../store/sqlite.ts";' });
    expect(breach).toMatch(/^server\/crawler\/x\.ts:2: must not import server\/store\/sqlite\.ts\. .*ports/);
  });
});

test("comments, strings and what the table allows are no breach", () => {
  const files = {
    "server/crawler/a.ts":
      '// import "../schema/x.ts"\nimport type { A } from "../esxi/driver.ts"; const s = \'import "ssh2"\';',
    "server/esxi/ssh/a.ts": 'import { Client } from "ssh2"; import { AppError } from "../../errors.ts";',
    "server/crawler/a.test.ts": 'import { x } from "../store/sqlite.ts";',
    "server/app.ts": 'import { x } from "./store/sqlite.ts";',
    "server/esxi/ssh/a.test.ts": 'import { x } from "../../../simulator/x.ts";',
    "server/esxi/x.ts": "const x = `${1}: vim-cmd could not be run`; const y = `vim-cmd ended with ${1}`;",
  };
  expect(findBreaches(new Map(Object.entries(files)))).toEqual([]);
});
