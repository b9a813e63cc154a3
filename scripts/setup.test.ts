import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

/** Takes npm's place: counts its calls in a file and leaves what an install leaves. */
const npmDouble = `
const { appendFileSync, mkdirSync, writeFileSync } = require("node:fs");
appendFileSync("calls", process.argv.slice(2).join(" ") + "\\n");
setTimeout(() => {
  if (process.env.NPM_FAILS) process.exit(1);
  mkdirSync("node_modules/vitest", { recursive: true });
  writeFileSync("node_modules/.package-lock.json", "{}");
}, 300);
`;

interface Clone {
  readonly path: string;
  setup(env?: Record<string, string>): Promise<{ code: number | null; stdout: string; stderr: string }>;
  calls(): Promise<string[]>;
}

async function createClone(): Promise<Clone> {
  const path = await mkdtemp(join(tmpdir(), "ecoman-setup-test-"));
  onTestFinished(async () => await rm(path, { recursive: true, force: true }));
  await mkdir(join(path, "scripts"));
  for (const script of ["setup.mjs", "lock.mjs"]) {
    await cp(new URL(script, import.meta.url), join(path, "scripts", script));
  }
  await writeFile(join(path, "package-lock.json"), "{}");
  await writeFile(join(path, "npm-cli.cjs"), npmDouble);
  return {
    path,
    async setup(env = {}) {
      const child = spawn(process.execPath, ["scripts/setup.mjs"], {
        cwd: path,
        env: { ...process.env, npm_lifecycle_event: "pretest", npm_execpath: join(path, "npm-cli.cjs"), ...env },
      });
      const out = { stdout: "", stderr: "" };
      child.stdout.on("data", (chunk: Buffer) => (out.stdout += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (out.stderr += chunk.toString()));
      return await new Promise((done) => child.on("close", (code) => done({ code, ...out })));
    },
    calls: async () => (await readFile(join(path, "calls"), "utf8").catch(() => "")).split("\n").filter(Boolean),
  };
}

function lockOf(path: string): string {
  const name = createHash("sha256").update(`${path} ${userInfo().username}`).digest("hex").slice(0, 16);
  return join(tmpdir(), `ecoman-setup-${name}.lock`);
}

test("a fresh clone is installed once, then nothing is said", async () => {
  const clone = await createClone();
  const first = await clone.setup();
  expect(first).toMatchObject({ code: 0, stdout: "" });
  expect(first.stderr).toContain("Installed");
  expect(await clone.setup()).toEqual({ code: 0, stdout: "", stderr: "" });
  expect(await clone.calls()).toHaveLength(1);
});

test("a newer lock file is installed again", async () => {
  const clone = await createClone();
  await clone.setup();
  await writeFile(join(clone.path, "package-lock.json"), "{ }");
  await clone.setup();
  expect(await clone.calls()).toHaveLength(2);
});

test("of three commands at once one installs and the others wait for it", async () => {
  const clone = await createClone();
  const runs = await Promise.all([clone.setup(), clone.setup(), clone.setup()]);
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(await clone.calls()).toHaveLength(1);
});

test("a lock whose process is gone is taken over", async () => {
  const clone = await createClone();
  const gone = spawn(process.execPath, ["--version"]);
  await new Promise((done) => gone.on("close", done));
  await writeFile(lockOf(clone.path), String(gone.pid));
  const runs = await Promise.all([clone.setup(), clone.setup()]);
  expect(runs.map(({ code }) => code)).toEqual([0, 0]);
  expect(await clone.calls()).toHaveLength(1);
  await expect(readFile(lockOf(clone.path))).rejects.toThrow("ENOENT");
});

test("a failed install is told, and tried again by the next command", async () => {
  const clone = await createClone();
  const failed = await clone.setup({ NPM_FAILS: "1" });
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain("npm ci failed");
  expect((await clone.setup()).code).toBe(0);
});

test("an install without development tools serves the server, and is completed for the tests", async () => {
  const clone = await createClone();
  await mkdir(join(clone.path, "node_modules"));
  await writeFile(join(clone.path, "node_modules/.package-lock.json"), "{}");
  expect(await clone.setup({ npm_lifecycle_event: "prestart" })).toMatchObject({ code: 0, stderr: "" });
  expect(await clone.calls()).toHaveLength(0);
  await clone.setup();
  expect(await clone.calls()).toHaveLength(1);
});
