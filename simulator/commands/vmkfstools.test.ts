import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startSimulator } from "../simulator.ts";
import type { TestClient } from "../test-client.ts";
import { connect, eventually } from "../test-client.ts";
import type { SimulatedHost, Simulator } from "../types.ts";

let simulator: Simulator;
let host: SimulatedHost;
let ssh: TestClient;
let folder = "";
beforeAll(async () => {
  const vms = [{ name: "on", power: "ON" }, { name: "off" }] as const;
  simulator = await startSimulator({ hosts: [{ vms }], delayMs: 0, taskMs: 0, diskMs: 600 });
  [host] = simulator.hosts as [SimulatedHost];
  ssh = await connect(host, simulator);
  folder = `${(await ssh.exec("readlink -f /vmfs/volumes/datastore1")).stdout.trim()}/new`;
  await ssh.exec(`mkdir ${folder}`);
});
afterAll(async () => {
  await ssh[Symbol.asyncDispose]();
  await simulator.close();
});

const tens = [10, 20, 30, 40, 50, 60, 70, 80, 90].map((percent) => `Create: ${percent}% done.\r`).join("");
const progress = `${tens}Create: 100% done.\n`;

describe("a disk is a descriptor and an extent", () => {
  test("of the size that was asked for, and both go together", async () => {
    const disk = `${folder}/a b.vmdk`;
    const made = await ssh.sh(`vmkfstools -c 30G -d thin '${disk}'`);
    expect(made).toEqual({ stdout: progress, stderr: "", exitCode: 0 });
    expect(await host.readFile(disk)).toMatch(/^# Disk DescriptorFile\n.*RW 62914560 VMFS "a b-flat\.vmdk"\n/s);
    expect((await ssh.exec(`stat -c %s '${folder}/a b-flat.vmdk'`)).stdout).toBe(`${30 * 2 ** 30}\n`);
    expect(await ssh.exec(`vmkfstools -U '${disk}'`)).toEqual({ stdout: "", stderr: "", exitCode: 0 });
    expect((await ssh.exec(`ls -A ${folder}`)).stdout).toBe("");
  });

  test("progress is in the job's log while the job runs, and the files are held", async () => {
    const disk = `${folder}/log.vmdk`;
    await ssh.sh(`( vmkfstools -c 1G -d thin ${disk}; echo "code $?" ) </dev/null >/tmp/log 2>&1 &`);
    await eventually(async () => (await ssh.exec("cat /tmp/log")).stdout.startsWith("Create: 10% done.\r"));
    expect((await ssh.exec("cat /tmp/log")).stdout).not.toContain("100%");
    const early = await ssh.exec(`rm -f ${disk}`);
    expect(early).toMatchObject({ stderr: `rm: can't remove '${disk}': Device or resource busy\n`, exitCode: 1 });
    await eventually(async () => (await ssh.exec("cat /tmp/log")).stdout === `${progress}code 0\n`);
    expect((await ssh.exec(`rm -f ${disk} ${folder}/log-flat.vmdk; ls -A ${folder}`)).stdout).toBe("");
  });

  test.each([
    ["by itself", (disk: string) => `vmkfstools -c 1G -d thin ${disk} >/tmp/own 2>&1`],
    ["in a function", (disk: string) => `make() { vmkfstools -c 1G "$1"; }; make ${disk} >/tmp/own 2>&1`],
    ["as words", (disk: string) => `run() { "$@" </dev/null; }; ( run vmkfstools -c 1G ${disk} ) >/tmp/own 2>&1`],
  ])("and in a redirection's file: %s", async (_, script) => {
    const disk = `${folder}/own.vmdk`;
    const ended = ssh.sh(script(disk));
    await eventually(async () => /10%/.test((await ssh.exec("cat /tmp/own")).stdout));
    expect((await ssh.exec("cat /tmp/own")).stdout).not.toContain("100%");
    expect((await ended).exitCode).toBe(0);
    await ssh.exec(`vmkfstools -U ${disk}; rm /tmp/own`);
  });
});

describe("what it refuses, with 255", () => {
  test.each([
    ["a disk that is there", "-c 1G FOLDER/../off/off.vmdk", "create virtual disk: The file already exists (39)."],
    [
      "a folder that is not",
      "-c 1G FOLDER/no/x.vmdk",
      "create virtual disk: The system cannot find the file specified (25).",
    ],
    [
      "a size that is none",
      "-c 30X FOLDER/x.vmdk",
      "create virtual disk: One of the parameters supplied is invalid (1).",
    ],
    ["a running VM's disk", "-c 1G FOLDER/../on/on.vmdk", "create virtual disk: Failed to lock the file (16392)."],
    [
      "to remove a running VM's disk",
      "-U FOLDER/../on/on.vmdk",
      "delete virtual disk: Failed to lock the file (16392).",
    ],
    [
      "to remove what is no disk",
      "-U FOLDER/../off/off.vmx",
      "delete virtual disk: The file specified is not a virtual disk (15).",
    ],
    ["to remove nothing", "-U FOLDER/x.vmdk", "delete virtual disk: The system cannot find the file specified (25)."],
  ])("%s", async (_, words, text) => {
    const output = await ssh.exec(`vmkfstools ${words.replaceAll("FOLDER", folder)}`);
    expect(output).toEqual({ stdout: "", stderr: `Failed to ${text}\n`, exitCode: 255 });
    expect((await ssh.exec(`ls -A ${folder}`)).stdout).toBe("");
  });
});
