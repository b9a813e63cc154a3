/** The host loses its power in the middle of a creation: what it had made is completed or taken back, and the task says which. */
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { openCreationLab } from "./lab.ts";

test("a power loss at any time leaves a whole VM or nothing", async () => {
  await using lab = await openCreationLab({ diskMs: 1_500, delayMs: 100 });
  const host = lab.simulated.simulator.host("esx1");
  const folderOf = async (name: string): Promise<readonly string[]> => {
    const paths = Object.keys(await host.fileMap());
    return paths
      .filter((path) => path.startsWith("/vmfs/") && path.includes(`/${name}/`))
      .map((path) => path.slice(path.lastIndexOf("/") + 1));
  };
  const ends: string[] = [];
  for (const [index, afterMs] of [300, 900, 1_700, 2_400].entries()) {
    const name = `new-${index}`;
    const answer = await lab.createVm({ name });
    await delay(afterMs);
    await host.restartHost({ downMs: 500 });
    const task = await lab.end(answer);
    ends.push(task.state);
    const where = `${name} after ${afterMs} ms: ${task.state} ${task.result}`;
    const registered = host.vms().filter((vm) => vm.name === name);
    if (task.state === "SUCCEEDED") {
      expect(registered, where).toHaveLength(1);
      expect(await folderOf(name), where).toEqual(
        expect.arrayContaining([`${name}.vmx`, `${name}.vmdk`, `${name}-flat.vmdk`]),
      );
      expect(await folderOf(name), where).not.toContain(".ecoman-job");
    } else {
      expect(task.state, where).toBe("FAILED");
      expect(task.result, where).toMatch(/nothing is left on the host|Nothing was made on the host|Nothing was sent/);
      expect(registered, where).toEqual([]);
      expect(await folderOf(name), where).toEqual([]);
    }
  }
  expect(ends).toContain("FAILED");
});
