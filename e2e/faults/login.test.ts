/** A host that refuses the login: asked once, then left alone, for a few clicks would lock root there. */
import { readFile, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { expectStale, expectSteadyPace, startFaultLab } from "./fault-lab.ts";
import { nodeNow, untilNode } from "./node-watch.ts";
import { refreshNode } from "./tasks-of.ts";

const name = "refuses-us";

test("one login is refused, and no other is tried until the credentials change", async ({ annotate }) => {
  await using lab = await startFaultLab({ [name]: {} });
  const host = lab.host(name);
  const { node, seconds } = await lab.meet(
    name,
    () => {
      host.faults.add({ kind: "auth-failure" });
      host.dropConnections();
    },
    "AUTH_FAILED",
  );
  await annotate(`login refused: ${seconds} s`);
  expect(seconds).toBeLessThan(20);
  expect(node.statusMessage).toMatch(/did not let "root" in: it refused publickey.*authorized_keys on the host/);
  expect(node.statusMessage).toMatch(
    /does not try again by itself until the credentials change or the node is refreshed/,
  );
  expectStale(node, lab.before(name));
  expect(host.sshCounts().loginsRefused).toBe(1);
  const { connections } = host.sshCounts();

  await delay(10_000);
  expect(host.sshCounts()).toMatchObject({ loginsRefused: 1, connections });
  expectSteadyPace(lab, 10);
  const held = await nodeNow(lab.url, name);
  expect(held).toMatchObject({ status: "AUTH_FAILED", lastSeenAt: node.lastSeenAt });
  expect(held.statusMessage).toMatch(/Correct user, key or password in hosts\.yml.*refreshNode\), 15 minutes after/);

  const refreshed = await refreshNode(lab.url, name);
  expect(refreshed).toMatchObject({ state: "FAILED", error: { code: "AUTH_FAILED" } });
  expect(refreshed.error?.message).toMatch(
    /may be asked for in 1[45] min.*Other credentials in hosts\.yml are tried at once/,
  );

  await lab.app.restart();
  await delay(5_000);
  expect(host.sshCounts()).toMatchObject({ loginsRefused: 1, connections });
  expectStale(await untilNode({ url: lab.url, name }, ({ status }) => status === "AUTH_FAILED"), lab.before(name));

  // That the host would take it again nobody can know without another try.
  host.faults.clear();
  await delay(3_000);
  expect(host.sshCounts()).toMatchObject({ loginsRefused: 1, connections });

  const { hostsPath, simulator } = lab.app;
  const hostsYml = await readFile(hostsPath, "utf8");
  await writeFile(hostsPath, hostsYml.replace(simulator.privateKeyPath, simulator.ecdsaKeyPath));
  await lab.untilWell(name);
  expect(host.sshCounts()).toMatchObject({ loginsRefused: 1 });
});
