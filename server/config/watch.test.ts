import { copyFile, mkdir, rename, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { NodeConfig } from "../config.ts";
import type { ConfigFault } from "./faults.ts";
import { createTestFolder, type TestFolder } from "./test-folder.ts";
import { watchHosts } from "./watch.ts";

const node = (name: string) => `${name}: {addr: ${name}.lab, username: root, identity_file_path: id_test}\n`;

interface Seen {
  readonly changes: (readonly NodeConfig[])[];
  readonly faults: (readonly ConfigFault[])[];
  /** The names of the last list told. */
  names(): string | undefined;
}

async function watched(folder: TestFolder, pollMs = 100): Promise<Seen> {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const seen: Seen = {
    changes: [],
    faults: [],
    names: () =>
      seen.changes
        .at(-1)
        ?.map(({ name }) => name)
        .join(),
  };
  watchHosts(await folder.read(), {
    onChange: (nodes) => seen.changes.push(nodes),
    onFault: (faults) => seen.faults.push(faults),
    signal: abort.signal,
    env: folder.env,
    pollMs,
  });
  return seen;
}

const until = async (check: () => void) => await vi.waitFor(check, { timeout: 15_000, interval: 20 });

test("nodes come and go with the file", async () => {
  const folder = await createTestFolder(node("esx1"));
  const seen = await watched(folder);
  await folder.write("hosts.yml", node("esx1") + node("esx2"));
  await until(() => expect(seen.names()).toBe("esx1,esx2"));
  await folder.write("hosts.yml", node("esx2"));
  await until(() => expect(seen.names()).toBe("esx2"));
  expect(seen.faults).toEqual([]);
});

test("a file that an editor puts in place of the old one is read", async () => {
  const folder = await createTestFolder(node("esx1"));
  const seen = await watched(folder, 600_000);
  await rename(await folder.write("hosts.yml~", node("esx9")), join(folder.path, "hosts.yml"));
  await until(() => expect(seen.names()).toBe("esx9"));
});

test("a link that is turned to another folder, as Kubernetes does, is followed", async () => {
  const folder = await createTestFolder("");
  const inside = (name: string) => join(folder.path, name);
  for (const version of ["one", "two"]) await mkdir(inside(version));
  await folder.write("one/hosts.yml", node("esx1"));
  await folder.write("two/hosts.yml", node("esx2"));
  await rm(inside("hosts.yml"));
  await symlink("one", inside("..data"));
  await symlink("..data/hosts.yml", inside("hosts.yml"));
  const seen = await watched(folder);
  await symlink("two", inside("..data_new"));
  await rename(inside("..data_new"), inside("..data"));
  await until(() => expect(seen.names()).toBe("esx2"));
});

test("a broken edit keeps the nodes, is told once, and so is its mending", async () => {
  const folder = await createTestFolder(node("esx1"));
  const seen = await watched(folder);
  await folder.write("hosts.yml", `${node("esx1")}esx2: {`);
  await until(() => expect(seen.faults).toHaveLength(1));
  expect(seen.changes).toEqual([]);
  await folder.write("hosts.yml", node("esx1"));
  await until(() => expect(seen.names()).toBe("esx1"));
  expect(seen.faults).toHaveLength(1);
});

test("a key file that comes later mends the fault, though hosts.yml stays as it is", async () => {
  const folder = await createTestFolder(node("esx1"));
  const seen = await watched(folder);
  await folder.write("hosts.yml", node("esx1") + node("esx2").replace("id_test", "id_new"));
  await until(() => expect(seen.faults).toHaveLength(1));
  await copyFile(join(folder.path, "id_test"), join(folder.path, "id_new"));
  await until(() => expect(seen.names()).toBe("esx1,esx2"));
});

test("content that means the same is not told", async () => {
  const folder = await createTestFolder(node("esx1"));
  const seen = await watched(folder);
  await folder.write("hosts.yml", `# a comment\n\n${node("esx1")}`);
  await folder.write("hosts.yml", node("esx1"));
  await folder.write("hosts.yml", `# the end\n${node("esx1")}${node("esx2")}`);
  await until(() => expect(seen.names()).toBe("esx1,esx2"));
  expect(seen.changes).toHaveLength(1);
});
