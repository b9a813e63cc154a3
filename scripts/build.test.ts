import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

/** Takes npm's place: counts its calls in a file and leaves what a build leaves. */
const npmDouble = `
const { appendFileSync, mkdirSync, writeFileSync } = require("node:fs");
appendFileSync("calls", process.argv.slice(2).join(" ") + "\\n");
setTimeout(() => {
  if (process.env.NPM_FAILS) process.exit(1);
  for (const folder of ["dist", "gql"]) mkdirSync("client/" + folder, { recursive: true });
  writeFileSync("client/gql/graphql.ts", "");
  writeFileSync("client/dist/index.html.br", "");
}, 200);
`;

interface Clone {
  readonly path: string;
  build(env?: Record<string, string>): Promise<{ code: number | null; stdout: string; stderr: string }>;
  builds(): Promise<number>;
  /** As if edited a moment from now: the clock of a file system is coarse. */
  edit(file: string): Promise<void>;
}

async function createClone({ withTools = true } = {}): Promise<Clone> {
  const path = await mkdtemp(join(tmpdir(), "ecoman-build-test-"));
  onTestFinished(async () => await rm(path, { recursive: true, force: true }));
  for (const folder of ["scripts", "client/pages", ...(withTools ? ["node_modules/vite"] : [])]) {
    await mkdir(join(path, folder), { recursive: true });
  }
  for (const script of ["build.mjs", "lock.mjs"]) {
    await cp(new URL(script, import.meta.url), join(path, "scripts", script));
  }
  for (const file of ["client/index.html", "client/pages/list.tsx", "schema.graphql", "vite.config.ts"]) {
    await writeFile(join(path, file), "");
  }
  await writeFile(join(path, "npm-cli.cjs"), npmDouble);
  const edit = (file: string) => utimes(join(path, file), new Date(), new Date(Date.now() + 2_000));
  const calls = async () => (await readFile(join(path, "calls"), "utf8").catch(() => "")).split("\n").filter(Boolean);
  return {
    path,
    edit,
    async build(env = {}) {
      const child = spawn(process.execPath, ["scripts/build.mjs"], {
        cwd: path,
        env: { ...process.env, npm_lifecycle_event: "pretest", npm_execpath: join(path, "npm-cli.cjs"), ...env },
      });
      const out = { stdout: "", stderr: "" };
      child.stdout.on("data", (chunk: Buffer) => (out.stdout += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (out.stderr += chunk.toString()));
      return await new Promise((done) => child.on("close", (code) => done({ code, ...out })));
    },
    async builds() {
      const all = await calls();
      expect(new Set(all)).toEqual(new Set(all.length > 0 ? ["run -s build"] : []));
      return all.length;
    },
  };
}

test("the client is built once, then nothing is said", async () => {
  const clone = await createClone();
  const first = await clone.build();
  expect(first).toMatchObject({ code: 0, stdout: "" });
  expect(first.stderr).toContain("Built in");
  expect(await clone.build()).toEqual({ code: 0, stdout: "", stderr: "" });
  expect(await clone.builds()).toBe(1);
});

test.each(["client/pages/list.tsx", "client/pages", "schema.graphql", "vite.config.ts"])(
  "it is built again when %s is newer",
  async (file) => {
    const clone = await createClone();
    await clone.build();
    await clone.edit(file);
    await clone.build();
    expect(await clone.builds()).toBe(2);
  },
);

test.each(["client/dist", "client/gql"])("it is built again when %s is gone", async (folder) => {
  const clone = await createClone();
  await clone.build();
  await rm(join(clone.path, folder), { recursive: true });
  await clone.build();
  expect(await clone.builds()).toBe(2);
});

test("of three commands at once one builds and the others wait for it", async () => {
  const clone = await createClone();
  const runs = await Promise.all([clone.build(), clone.build(), clone.build()]);
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(await clone.builds()).toBe(1);
});

test("a failed build stops a command, but not the start of the server", async () => {
  const clone = await createClone();
  const failed = await clone.build({ NPM_FAILS: "1" });
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain("The web client could not be built");
  const starting = await clone.build({ NPM_FAILS: "1", npm_lifecycle_event: "prestart" });
  expect(starting.code).toBe(0);
  expect(starting.stderr).toContain("The web client could not be built");
  expect((await clone.build()).code).toBe(0);
});

test("an installation without the tools says what to do, and keeps what was built", async () => {
  const clone = await createClone({ withTools: false });
  const { code, stderr } = await clone.build();
  expect(code).toBe(0);
  expect(stderr).toContain("`npm ci && npm run build`");
  await mkdir(join(clone.path, "client/dist"));
  await writeFile(join(clone.path, "client/dist/index.html.br"), "");
  expect(await clone.build()).toEqual({ code: 0, stdout: "", stderr: "" });
  expect(await clone.builds()).toBe(0);
});
