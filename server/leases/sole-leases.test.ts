import { setImmediate as settled } from "node:timers/promises";
import { expect, it } from "vitest";
import { silentLog } from "../log.ts";
import type { Lease } from "../store/leases.ts";
import { createSoleLeases } from "./sole-leases.ts";

function open(nodes: readonly string[] = []) {
  const stored = new Set(nodes);
  const told: string[] = [];
  const leases = createSoleLeases({
    log: silentLog,
    caretaker: {
      onHeld: ({ node }) => told.push(`held ${node}`),
      letGo: async (node) => void told.push(`let go of ${node}`),
      removeOrphan: async ({ node }: Lease) => {
        told.push(`removed ${node}`);
        if (node === "stuck") throw new Error("full");
        stored.delete(node);
      },
      isBusy: () => true,
      storedNodes: () => [...stored],
    },
  });
  return { leases, told };
}

it("holds every node of hosts.yml from the start", async () => {
  const { leases, told } = open();
  void leases.setNodes(["n1", "n2"]);
  await leases.ready;
  expect([...leases.held()]).toEqual([
    ["n1", { node: "n1", fence: 0 }],
    ["n2", { node: "n2", fence: 0 }],
  ]);
  expect(leases.isHeld({ node: "n1", fence: 0 })).toBe(true);
  expect(leases.isHeld({ node: "n3", fence: 0 })).toBe(false);
  void leases.setNodes(["n1", "n2"]);
  await leases.close();
  expect(told).toEqual(["held n1", "held n2"]);
  expect(leases.held().size).toBe(0);
});

it("has a node removed that left hosts.yml, now or while it did not run, and lets go of it then", async () => {
  const { leases, told } = open(["old", "n1"]);
  void leases.setNodes(["n1", "n2"]);
  void leases.setNodes(["n1"]);
  await settled();
  expect([...leases.held().keys()]).toEqual(["n1"]);
  expect(told).toEqual([
    "held n1",
    "held n2",
    "held old",
    "removed old",
    "let go of old",
    "removed n2",
    "let go of n2",
  ]);
});

it("goes on when a node could not be removed", async () => {
  const { leases, told } = open(["stuck"]);
  void leases.setNodes([]);
  void leases.setNodes(["n1"]);
  await settled();
  expect(told.slice(0, 3)).toEqual(["held stuck", "removed stuck", "let go of stuck"]);
  expect(told).toContain("held n1");
});
