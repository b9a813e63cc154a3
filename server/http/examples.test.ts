import { readFileSync } from "node:fs";
import { getOperationAST, parse } from "graphql";
import { describe, expect, test } from "vitest";
import { aNode, aTask, aVm } from "../schema/testing.ts";
import { type Example, readExamples } from "./examples.ts";
import { startServer, type TestServer, until } from "./testing.ts";

const examples = readExamples().map((example) => ({
  ...example,
  kind: getOperationAST(parse(example.query))?.operation,
}));

describe.each(examples.filter(({ kind }) => kind !== "subscription"))("docs/examples/$name", (example) => {
  test("answers without an error", async () => {
    await using server = await startServer();
    const { status, data, errors } = await server.post(example.query, filledIn(example));
    expect(errors).toBeUndefined();
    expect(status).toBe(200);
    for (const value of Object.values(data ?? {})) expect(value).not.toBeNull();
    expect(JSON.stringify(data)).not.toContain('userErrors":[{');
  });
});

describe.each(examples.filter(({ kind }) => kind === "subscription"))("docs/examples/$name", (example) => {
  test("streams news without an error", async () => {
    await using server = await startServer();
    const next = server
      .client()
      .iterate({ query: example.query, variables: filledIn(example) })
      .next();
    await until(() => readersOf(server) === 1);
    sendNews(server);
    const { value } = (await next) as { value: { data: object; errors?: unknown } };
    expect(Object.values(value.data)).not.toContain(null);
    expect(value.errors).toBeUndefined();
  });
});

test("docs/api.md tells of each", () => {
  const text = readFileSync(new URL("../../docs/api.md", import.meta.url), "utf8");
  expect(examples.filter(({ name }) => !text.includes(`examples/${name}.graphql`))).toEqual([]);
});

test("there are examples of every kind of operation", () => {
  expect(new Set(examples.map(({ kind }) => kind))).toEqual(new Set(["query", "mutation", "subscription"]));
});

/** The variables as a reader would fill them in. */
function filledIn({ name, variables = "{}" }: Example): Record<string, unknown> {
  const id = name.includes("task") ? '"task-1"' : '"vm-1"';
  return JSON.parse(variables.replaceAll('"ID"', id).replaceAll('"NAME"', '"alpha"')) as Record<string, unknown>;
}

function readersOf({ world }: TestServer): number {
  return world.vmNews.readers + world.nodeNews.readers + world.usageNews.readers + world.taskNews.readers;
}

function sendNews({ world }: TestServer): void {
  world.vmNews.send({ kind: "CHANGES", revision: "r2", upserted: [aVm()], removed: [] });
  world.nodeNews.send({ revision: "r2", nodes: [aNode()], removed: [] });
  world.usageNews.send(["vm-1"]);
  world.taskNews.send([aTask()]);
}
