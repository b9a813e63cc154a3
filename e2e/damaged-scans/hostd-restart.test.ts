import { beforeAll, describe, expect, test } from "vitest";
import type { InventoryChange } from "../../server/store/store.ts";
import { inventionsIn, knownIn, lossesIn, remainsIn } from "./judge.ts";
import { partsOf, printed } from "./parts.ts";
import { type HostRecordings, type Recording, recordHost } from "./record.ts";
import { startReplay } from "./replay.ts";

const minute = 60_000;
const stages = ["down", "empty", "half"] as const;
let host: HostRecordings;
beforeAll(async () => {
  host = await recordHost("8.0.1");
});

/** What else may be missing while hostd starts. */
const variants: Readonly<Record<string, (recording: Recording) => string>> = {
  "as it is": ({ stdout }) => stdout,
  "without vmInventory.xml": (recording) =>
    replaced(recording, "inventory", { text: "cat: can't open '/etc/vmware/hostd/vmInventory.xml'\n", exitCode: 1 }),
  "with vmInventory.xml half written": (recording) =>
    replaced(recording, "inventory", { text: '<ConfigRoot>\n  <ConfigEntry id="0000">\n    <objID>1</objID>\n' }),
  "with nothing in the list of running VMs": (recording) => replaced(recording, "running", { text: "" }),
};

function replaced(recording: Recording, name: string, change: { text: string; exitCode?: number }): string {
  return printed(partsOf(recording).map((part) => (part.name === name ? { ...part, ...change } : part)));
}

describe.each(Object.entries(variants))(
  "a hostd restart that lists nothing, then half, for two minutes each, %s",
  (_, vary) => {
    test.each([
      ["seen from its start", false],
      ["with a restart of the server in each stage", true],
    ])("removes and blanks nothing: %s", async (_name, restarts) => {
      const changes: InventoryChange[] = [];
      const replay = await startReplay({
        output: { stdout: host.sound.stdout, exitCode: 0 },
        onChange: (change) => void changes.push(change),
        intervalMs: 10_000,
      });
      replay.output = { stdout: host.troubled.stdout, exitCode: 0 };
      await replay.pass(minute);
      const known = knownIn(await replay.stored());
      changes.length = 0;
      for (const stage of stages) {
        const before = replay.scans;
        replay.output = { stdout: vary(host.restart[stage]), exitCode: 0 };
        await replay.pass(minute);
        if (restarts) await replay.restart();
        await replay.pass(minute);
        expect(replay.scans - before).toBeGreaterThanOrEqual(11);
      }
      // Where nothing lists a VM that can't be read, nothing says whether it runs.
      const mayLosePower = ({ readError }: { readonly readError: string | null }): boolean => readError !== null;
      expect(
        changes.flatMap((change) => [...lossesIn(change, known), ...inventionsIn(change, known, { mayLosePower })]),
      ).toEqual([]);
      replay.output = { stdout: host.troubled.stdout, exitCode: 0 };
      await replay.pass(minute);
      expect(remainsIn(await replay.stored(), known)).toEqual([]);
      await replay.close();
    });
  },
);
