/** Host keys that are wrong, new or unknown: nothing is sent, and the message says which line mends it. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SshCounts } from "../../simulator/types.ts";
import { withPins } from "../harness/host-keys.ts";
import { expectStale, type FaultLab, startFaultLab } from "./fault-lab.ts";
import { untilNode } from "./node-watch.ts";

let lab: FaultLab;
beforeAll(async () => {
  lab = await startFaultLab(
    { "shows-another": {}, "has-new-ones": {}, unknown: {} },
    { ill: ["unknown"], hostsYml: (printed) => withPins(printed, "unknown", "  known_hosts_path: none_yet\n") },
  );
});
afterAll(() => lab?.[Symbol.asyncDispose]());

async function edit(name: string, lines: string): Promise<void> {
  const { hostsPath } = lab.app;
  await writeFile(hostsPath, withPins(await readFile(hostsPath, "utf8"), name, lines));
}

/** What a person would copy out of a message. */
function lineIn(message: string | null): string {
  const line = /host_key: SHA256:[A-Za-z0-9+/]{43}/.exec(message ?? "")?.[0];
  if (line === undefined) throw new Error(`No line to add in: ${message}`);
  return `  ${line}\n`;
}

function loginsOf({ loginsAccepted, loginsRefused }: SshCounts): readonly number[] {
  return [loginsAccepted, loginsRefused];
}

describe("a host", () => {
  test("that shows another key than the pinned one gets no login, until it shows the right one again", async () => {
    const name = "shows-another";
    const host = lab.host(name);
    const logins = loginsOf(host.sshCounts());
    const { node, seconds } = await lab.meet(
      name,
      () => {
        host.faults.add({ kind: "wrong-host-key" });
        host.dropConnections();
      },
      "HOST_KEY_MISMATCH",
    );
    expect(seconds).toBeLessThan(20);
    expect(node.statusMessage).toMatch(/another SSH host key than the one trusted.*Nothing was sent to it/);
    for (const pin of host.hostKeyFingerprints()) expect(node.statusMessage).toContain(pin);
    expectStale(node, lab.before(name));
    expect(loginsOf(host.sshCounts())).toEqual(logins);
    host.faults.clear();
    await lab.untilWell(name);
  });

  test("that was given new keys is trusted again once hosts.yml has the line that the message names", async () => {
    const name = "has-new-ones";
    const host = lab.host(name);
    const logins = loginsOf(host.sshCounts());
    const { node, seconds } = await lab.meet(
      name,
      () => {
        host.changeHostKey();
        host.dropConnections();
      },
      "HOST_KEY_MISMATCH",
    );
    expect(seconds).toBeLessThan(20);
    expect(node.statusMessage).toMatch(
      /installed anew.*another machine answers.*Find out which.*put it in place of the old/,
    );
    expectStale(node, lab.before(name));
    expect(loginsOf(host.sshCounts())).toEqual(logins);
    await edit(name, lineIn(node.statusMessage));
    await lab.untilWell(name);
  });

  test("whose key nobody knows is logged in to once hosts.yml has the line that the message names", async () => {
    const name = "unknown";
    const host = lab.host(name);
    const node = await untilNode({ url: lab.url, name }, ({ status }) => status === "HOST_KEY_UNKNOWN");
    const fingerprint = /SHA256:\S{43}/.exec(lineIn(node.statusMessage))?.[0];
    expect(host.hostKeyFingerprints()).toContain(fingerprint);
    expect(node.statusMessage).toMatch(/not known yet.*Nothing was sent.*ssh-keygen -lf.*add this line to "unknown"/);
    expect(node.statusMessage).toContain(join(lab.app.folder, "none_yet"));
    expect(loginsOf(host.sshCounts())).toEqual([0, 0]);
    await edit(name, lineIn(node.statusMessage));
    const well = await untilNode({ url: lab.url, name }, ({ status }) => status === "ONLINE");
    expect(well.vms.nodes).toHaveLength(3);
  });

  test("whose line is added to known_hosts instead is logged in to without an edit of hosts.yml", async () => {
    const name = "unknown";
    await edit(name, "  known_hosts_path: none_yet\n");
    const node = await untilNode({ url: lab.url, name }, ({ status }) => status === "HOST_KEY_UNKNOWN");
    const line = /\(or this line to \S+: (.*)\)/.exec(node.statusMessage ?? "")?.[1] ?? "";
    await writeFile(join(lab.app.folder, "none_yet"), `${line}\n`);
    await untilNode({ url: lab.url, name }, ({ status }) => status === "ONLINE");
  });
});
