/** Whatever the host refuses reaches the user in the host's own words, with what to do next, and nothing is left behind. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SimulatedHost } from "../../simulator/simulator.ts";
import { type CreationLab, openCreationLab } from "./lab.ts";

let lab: CreationLab;
let host: SimulatedHost;
beforeAll(async () => {
  lab = await openCreationLab({ answersConfigOptions: false });
  host = lab.simulated.simulator.host("esx1");
});
afterAll(() => lab[Symbol.asyncDispose]());

interface Refusal {
  readonly what: string;
  readonly input?: Record<string, unknown>;
  /** Answers what takes it away again. */
  readonly provoke?: () => () => void;
  readonly code: string;
  /** The host's own. */
  readonly words: RegExp;
  readonly advice: RegExp;
}

const refusals: readonly Refusal[] = [
  {
    what: "a guest that the host does not know",
    input: { guestId: "debian13_64Guest" },
    code: "HOST_REFUSED",
    words: /debian13/i,
    advice: /guestId/,
  },
  {
    what: "a datastore that is full in the middle of the disk",
    provoke() {
      host.fillAfter("datastore1", 4);
      return () => host.fillAfter("datastore1", null);
    },
    code: "OUT_OF_SPACE",
    words: /not enough space|No space left/i,
    advice: /Free space/,
  },
  {
    what: "a datastore that is full from the first",
    provoke() {
      host.fillAfter("datastore1", 0);
      return () => host.fillAfter("datastore1", null);
    },
    code: "OUT_OF_SPACE",
    words: /No space left/i,
    advice: /Free space/,
  },
  {
    what: "a locked file",
    provoke: () =>
      host.faults.add({
        kind: "fail",
        match: "vmkfstools -c",
        text: "Failed to lock the file (16392).\n",
        exitCode: 255,
      }),
    code: "HOST_BUSY",
    words: /Failed to lock the file \(16392\)/,
    advice: /ask again/,
  },
  {
    what: "a licence that does not allow it",
    provoke: () => host.faults.add({ kind: "free-licence" }),
    code: "LICENSE_RESTRICTED",
    words: /Current license or ESXi version prohibits execution of the requested operation/,
    advice: /licence/,
  },
  {
    what: "another task in progress",
    provoke: () =>
      host.faults.add({
        kind: "fail",
        match: "solo/registervm",
        text: "Operation failed since another task is in progress.\n",
      }),
    code: "HOST_BUSY",
    words: /another task is in progress/,
    advice: /ask again/,
  },
];

describe.each(refusals)("$what", ({ input = {}, provoke, code, words, advice }) => {
  test(`ends as ${code}, and the host is as it was`, async () => {
    const before = await datastores();
    const undo = provoke?.();
    const task = await lab.end(await lab.createVm({ name: "refused", ...input }));
    undo?.();
    expect(task).toMatchObject({ state: "FAILED", error: { code } });
    expect(task.error?.message).toMatch(words);
    expect(task.error?.message).toMatch(advice);
    expect(task.error?.message).toMatch(/nothing is left on the host|Nothing was made on the host/);
    expect(task.hostOutput).toMatch(words);
    expect(await datastores()).toEqual(before);
    expect(host.vms().map(({ name }) => name)).toEqual(["web"]);
  });
});

test("a folder of that name is somebody's: CONFLICT, and it stays as it is", async () => {
  const folder = host.vm(1).path.split("/").slice(0, 4).join("/");
  await host.writeFile(`${folder}/theirs/keep.txt`, "mine\n");
  const before = await datastores();
  const task = await lab.end(await lab.createVm({ name: "theirs" }));
  expect(task).toMatchObject({ state: "FAILED", error: { code: "CONFLICT" } });
  expect(task.error?.message).toMatch(/There is a folder .*theirs already|there is a folder .*theirs already/);
  expect(await datastores()).toEqual(before);
});

test("the path is held by a VM that the host can't load: its AlreadyExists is shown", async () => {
  const first = await lab.end(await lab.createVm({ name: "ghost" }));
  expect(first.state).toBe("SUCCEEDED");
  const ghost = host.vms().find(({ name }) => name === "ghost");
  expect(ghost).toBeDefined();
  host.makeInvalid(ghost?.vmid ?? 0);
  const again = await lab.createVm({ name: "ghost" });
  const codes = again.task === null ? again.userErrors.map(({ code }) => code) : [(await lab.end(again)).error?.code];
  expect(codes).toEqual(["CONFLICT"]);
  expect(host.vms().filter(({ name }) => name === "ghost")).toHaveLength(1);
});

test("a VM that can't be switched on is there all the same, and the task says both", async () => {
  const remove = host.faults.add({ kind: "fail", match: "vmsvc/power.on", text: "Power on failed: no memory left\n" });
  const task = await lab.end(await lab.createVm({ name: "stays off", powerOn: true }));
  remove();
  expect(task).toMatchObject({ state: "FAILED", vm: { name: "stays off", powerState: "OFF" } });
  expect(task.error?.message).toMatch(
    /was created with vmid \d+\. But it was not seen to be switched on: .*no memory left/,
  );
});

async function datastores(): Promise<Record<string, string>> {
  const files = Object.entries(await host.fileMap());
  return Object.fromEntries(files.filter(([path]) => path.startsWith("/vmfs/")));
}
