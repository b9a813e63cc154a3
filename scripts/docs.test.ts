import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSchema, parse, validate } from "graphql";
import { describe, expect, test } from "vitest";
import { parseHosts } from "../server/config/hosts.ts";
import { nodeWords } from "../server/config/node.ts";
import { defaultsOf } from "../server/config/read.ts";
import { variables } from "../server/config/variables.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");
const pages = [
  "README.md",
  "client/README.md",
  "docs/api.md",
  "docs/from-the-original.md",
  "docs/hosts.md",
  "docs/installation.md",
  "docs/operations.md",
  "docs/several-servers.md",
  "docs/web-client.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
];

/** The text of every fenced block of this language. */
function blocksOf(page: string, language: string): string[] {
  return [...read(page).matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map(
    (match) => match[1] ?? "",
  );
}

test("README's table has every environment variable with its default and meaning, and no other", () => {
  const rows = [...read("README.md").matchAll(/^\| `([A-Z_]+)` \| (?:`([^`]*)`)? ?\| (.*) \|$/gm)];
  const table = rows.map(([, name, usual = "", about]) => [name, { usual, about }]);
  expect(Object.fromEntries(table)).toEqual(variables);
  expect(rows).toHaveLength(Object.keys(variables).length);
});

test("docs/hosts.md explains every key of hosts.yml", () => {
  const rows = [...read("docs/hosts.md").matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, key]) => key);
  expect(new Set(rows)).toEqual(new Set(nodeWords.keys));
});

describe("hosts.example.yml", () => {
  const path = join(root, "hosts.example.yml");
  const defaults = defaultsOf({ vmThresholds: { cpu: 5, ramMb: 8192, storageGb: 50 } });
  const text = read("hosts.example.yml");

  test("has nothing at fault but the key file, which is the reader's own", async () => {
    const around = { env: { HOME: "/nonexistent" }, defaults };
    await expect(parseHosts(path, text, around)).rejects.toMatchObject({
      faults: [{ key: "esx1.identity_file_path" }],
    });
  });

  test("means what its comments say", async () => {
    const disabled = text.replace("esx1:\n", "esx1:\n  disabled: true\n");
    const { nodes } = await parseHosts(path, disabled, { env: { HOME: "/home/me" }, defaults });
    expect(nodes.map(({ name, address, labels }) => ({ name, address, labels }))).toEqual([
      { name: "esx1", address: "192.0.2.11", labels: ["lab", "rack-1"] },
      { name: "esx2", address: "esx2.lab.example", labels: ["lab"] },
    ]);
    expect(nodes[0]?.credentials.identityFilePath).toBe("/home/me/.ssh/ecoman");
    expect(nodes[0]?.hostKey.pins).toHaveLength(2);
    expect(nodes[1]?.nodeThresholds).toEqual({ cpuRatio: 6, memoryPercent: 95, storagePercent: 85 });
  });

  test("shows every key there is but those a reader rarely needs", () => {
    const shown = nodeWords.keys.filter((key) => text.includes(`${key}:`));
    const rare = ["passphrase_env", "trust_on_first_use"];
    expect(nodeWords.keys.filter((key) => !shown.includes(key)).toSorted()).toEqual(rare.toSorted());
  });
});

test("the YAML of docs/hosts.md is a hosts.yml", async () => {
  const defaults = defaultsOf({ vmThresholds: { cpu: 5, ramMb: 8192, storageGb: 50 } });
  for (const block of blocksOf("docs/hosts.md", "yaml")) {
    const reading = parseHosts("/hosts.yml", block, { env: { HOME: "/nonexistent" }, defaults });
    const keys = await reading.then(
      () => [],
      (thrown: { faults: { key: string }[] }) => thrown.faults.map(({ key }) => key),
    );
    expect(keys.filter((key) => !key.endsWith("identity_file_path"))).toEqual([]);
  }
});

describe("README's operations", () => {
  const schema = buildSchema(read("schema.graphql"));
  const inJson = [...read("README.md").matchAll(/--data '(\{"query":.*\})'/g)].map(
    ([, json = "{}"]) => (JSON.parse(json) as { query: string }).query,
  );
  const operations = [...blocksOf("README.md", "graphql"), ...inJson];

  test.each(operations)("are valid: %s", (operation) => {
    expect(validate(schema, parse(operation))).toEqual([]);
  });

  test("are at least three", () => {
    expect(operations.length).toBeGreaterThanOrEqual(3);
  });
});

test.each(pages)("%s names only commands and files that exist", (page) => {
  const text = read(page);
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const commands = [...text.matchAll(/npm (?:run (?:-s )?)?([a-z]+)/g)].map(([, name = ""]) => name);
  const own = commands.filter((name) => !["ci", "install", "prune", "run", "packages"].includes(name));
  expect(own.filter((name) => scripts[name] === undefined)).toEqual([]);
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)];
  const missing = links.filter(([, path = ""]) => !existsSync(join(root, dirname(page), path)));
  expect(missing.map(([link]) => link)).toEqual([]);
});
