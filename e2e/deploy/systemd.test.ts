import { spawnSync } from "node:child_process";
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { ConfigError } from "../../server/config/faults.ts";
import { explainFailure } from "../../server/start-failure.ts";
import { notInstalled, projectRoot } from "../harness/commands.ts";
import { drainSeconds, settingsOf, strangers } from "./settings.ts";

const text = readFileSync(join(projectRoot, "systemd/ecoman.service"), "utf8");
const installed = "/opt/ecoman";

/** Of a key that stands there once. */
function valueOf(key: string): string {
  const values = [...text.matchAll(new RegExp(`^${key}=(.*)$`, "gm"))].map(([, value = ""]) => value);
  expect(values).toHaveLength(1);
  return values[0] ?? "";
}

const env = Object.fromEntries(
  valueOf("Environment")
    .split(" ")
    .map((pair) => pair.split(/=(.*)/s)),
) as Record<string, string>;

test("it is given variables that the server reads, and no others", async () => {
  expect(strangers(env)).toEqual([]);
  const { hostsPath, dataDir } = await settingsOf(env);
  expect(dirname(hostsPath)).toBe(dirname(valueOf("EnvironmentFile")));
  expect(dirname(dataDir)).toBe(`/var/lib/${valueOf("StateDirectory")}`);
});

test.skipIf(process.platform !== "linux")("what it starts is there after an installation", () => {
  expect(valueOf("WorkingDirectory")).toBe(installed);
  const [program = "", script = ""] = valueOf("ExecStart").split(" ");
  expect(program).toMatch(/^\/opt\/ecoman\//);
  const here = program.replace(installed, projectRoot);
  expect(() => accessSync(here, constants.X_OK)).not.toThrow();
  expect(() => accessSync(join(projectRoot, script), constants.R_OK)).not.toThrow();
});

test("it lets the server drain, and does not start it again with a faulty configuration", () => {
  expect(Number(valueOf("TimeoutStopSec"))).toBeGreaterThan(drainSeconds);
  expect(Number(valueOf("RestartPreventExitStatus"))).toBe(explainFailure(new ConfigError([])).exitCode);
});

test("Node may compile", () => {
  expect(text).not.toMatch(/^MemoryDenyWriteExecute=/m);
});

const missing = notInstalled("systemd-analyze");
describe.skipIf(missing)(`systemd (${missing ?? "systemd-analyze is here"})`, () => {
  /** What it says of the unit, with this project in place of the installed one. */
  function analyze(
    command: readonly string[],
    unit: string,
  ): { readonly said: string; readonly status: number | null } {
    const folder = mkdtempSync(join(tmpdir(), "ecoman-unit-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, "ecoman.service");
    writeFileSync(path, unit.replaceAll(installed, projectRoot));
    const { stdout, stderr, status } = spawnSync("systemd-analyze", [...command, path], { encoding: "utf8" });
    return { said: `${stdout}${stderr}`, status };
  }

  test("finds nothing wrong with it", () => {
    expect(analyze(["verify"], text)).toEqual({ said: "", status: 0 });
  });

  test.each([
    ["a key misspelt", text.replace("TimeoutStopSec=", "TimeoutStop=")],
    ["a program that is not there", text.replace(".bin/node", ".bin/nodes")],
    ["a value that is none", text.replace("Restart=on-failure", "Restart=on-fault")],
  ])("would find %s", (_what, twin) => {
    expect(twin).not.toBe(text);
    expect(analyze(["verify"], twin).said).not.toBe("");
  });

  test("calls its exposure low", ({ skip }) => {
    const judge = ["security", "--no-pager", "--offline=yes", "--threshold=20"];
    const { said, status } = analyze(judge, text);
    if (/unrecognized option|Unknown/i.test(said)) skip("this systemd-analyze judges only loaded units");
    expect(status, said).toBe(0);
    expect(analyze(judge, text.replace(/^(Protect|Private|SystemCall|Capability).*\n/gm, "")).status).not.toBe(0);
  });
});
