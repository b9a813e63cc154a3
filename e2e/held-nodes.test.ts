/** The parts of two servers over one store and real SSH: only who looks after a node has a line to its host. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createCaretaker, type NodeCaretaker } from "../server/caretaker.ts";
import { systemClock } from "../server/clock.ts";
import { type Crawler, createCrawler } from "../server/crawler/crawler.ts";
import { createFleet } from "../server/fleet.ts";
import { createInventory } from "../server/inventory/inventory-view.ts";
import type { Inventory } from "../server/inventory.ts";
import { createLogger } from "../server/logger.ts";
import { createNodeOpener } from "../server/node-opener.ts";
import type { Lease } from "../server/store/leases.ts";
import { openSqliteStore } from "../server/store/sqlite.ts";
import type { InventoryStore } from "../server/store/store.ts";
import { createTasks } from "../server/tasks/create-tasks.ts";
import type { Tasks } from "../server/tasks/tasks.ts";
import { type SimulatedHost, type Simulator, startSimulator } from "../simulator/simulator.ts";
import { until } from "./harness/until.ts";
import { nodeConfigFor } from "./openssh/node-config.ts";

interface Server {
  readonly crawler: Crawler;
  readonly tasks: Tasks;
  readonly caretaker: NodeCaretaker;
  /** As its own clock judges its leases. */
  areLeasesValid: boolean;
}

interface Lab {
  readonly simulator: Simulator;
  readonly host: SimulatedHost;
  readonly inventory: Inventory;
  readonly one: Server;
  readonly other: Server;
}

const log = createLogger("fatal", { write: () => undefined });
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0).reverse()) await cleanUp();
});

async function openLab(intervalMs = 60_000): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), "ecoman-held-"));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const vms = [{ name: "web", power: "OFF", tools: "toolsOk" }] as const;
  const simulator = await startSimulator({ delayMs: 0, taskMs: 20, guestMs: 50, hosts: [{ vms }] });
  cleanups.push(() => simulator.close());
  const [host] = simulator.hosts;
  if (host === undefined) throw new Error("no simulated host");
  const store = await openSqliteStore({ path: join(folder, "ecoman.db"), clock: systemClock, log });
  cleanups.push(() => store.close());
  const inventory = await createInventory({ store, log });
  cleanups.push(() => inventory.close());
  const config = nodeConfigFor({
    address: host.address,
    port: host.port,
    username: host.username,
    identityFilePath: simulator.privateKeyPath,
    pins: host.hostKeyFingerprints(),
  });
  const [one, other] = [openServer(store, inventory, intervalMs), openServer(store, inventory, intervalMs)];
  for (const { crawler } of [one, other]) await crawler.setNodes([config]);
  return { simulator, host, inventory, one, other };
}

function openServer(store: InventoryStore, inventory: Inventory, intervalMs: number): Server {
  const clock = systemClock;
  const isHeld = (): boolean => server.areLeasesValid;
  const mayTouch = (node: string): boolean => server.caretaker.mayTouch(node);
  const fleet = createFleet(createNodeOpener({ store, clock, log, mayTouch }));
  const crawler = createCrawler({ fleet, store, intervalMs, clock, log, isHeld });
  const tasks = createTasks({ store, inventory, fleet, crawler, clock, log, isHeld, hasSuccessors: async () => true });
  const caretaker = createCaretaker({
    crawler,
    tasks,
    inventory,
    leftovers: [],
    mayBeHandedOver: () => true,
    isHeld,
    clock,
    log,
  });
  cleanups.push(async () => {
    await tasks.close(0);
    await crawler.close();
    await fleet.close();
  });
  const server: Server = { crawler, tasks, caretaker, areLeasesValid: true };
  return server;
}

const node = "esx1";

async function hold({ caretaker }: Server, lease: Lease): Promise<void> {
  caretaker.onHeld(lease);
  await caretaker.settled();
}

async function webIn(inventory: Inventory) {
  return until(async () => inventory.vmsOf(node).find(({ name, numCpu }) => name === "web" && numCpu !== null));
}

/** Answers how many channels there were, when none has been opened for half a second. */
async function quiet(host: SimulatedHost): Promise<number> {
  for (;;) {
    const { channels } = host.sshCounts();
    await systemClock.sleep(500);
    if (host.sshCounts().channels === channels) return channels;
  }
}

function powerOn(vmId: string) {
  return { actor: "ann", idempotencyKey: null, dryRun: false, expectedPowerState: null, vmId, action: "ON" } as const;
}

test("one line to the host: opened by who takes it, closed when it is given away, asked through by both", async () => {
  const { host, simulator, inventory, one, other } = await openLab();
  expect(host.sshCounts().connections, "nobody holds it").toBe(0);
  await hold(one, { node, fence: 1 });
  const { id } = await webIn(inventory);
  const plan = await other.tasks.setPower({ ...powerOn(id), dryRun: true });
  expect(plan.commands).toHaveLength(1);
  expect(host.sshCounts()).toMatchObject({ connections: 1, openConnections: 1 });

  const { task } = await other.tasks.setPower(powerOn(id));
  expect(await other.tasks.wait(task?.id ?? "", 20_000)).toMatchObject({ state: "SUCCEEDED" });
  expect(inventory.vm(id)?.powerState).toBe("ON");
  expect(host.sshCounts().connections).toBe(1);

  await quiet(host);
  await one.caretaker.letGo(node);
  await until(async () => host.sshCounts().openConnections === 0);
  const { status } = inventory.node(node) ?? {};
  await hold(other, { node, fence: 2 });
  expect(inventory.node(node)?.status).toBe(status);
  await until(async () => other.crawler.isReady);
  expect(host.sshCounts()).toMatchObject({ connections: 2, openConnections: 1 });
  expect(simulator.actionLog).toHaveLength(1);
});

test("a server whose leases are in doubt sends nothing, not even over an open line", async () => {
  const { host, simulator, inventory, one } = await openLab(300);
  await hold(one, { node, fence: 1 });
  const { id } = await webIn(inventory);
  one.areLeasesValid = false;
  await expect(one.crawler.refresh(node)).rejects.toMatchObject({ code: "LEASE_LOST" });
  const channels = await quiet(host);
  const { task } = await one.tasks.setPower(powerOn(id));
  expect((await one.tasks.wait(task?.id ?? "", 2000))?.finishedAt).toBeNull();
  expect(host.sshCounts().channels).toBe(channels);
  expect(simulator.actionLog).toEqual([]);
});

test("a script that waited long for its channel is not sent any more when the lease ran out meanwhile", async () => {
  const { host, simulator, inventory, one } = await openLab();
  await hold(one, { node, fence: 1 });
  await webIn(inventory);
  const channels = await quiet(host);
  let asked = 0;
  Object.defineProperty(one, "areLeasesValid", {
    get() {
      asked += 1;
      // The crawler asks, then the shell before it opens a channel; what is asked after that is too late.
      return asked <= 2;
    },
  });
  await expect(one.crawler.refresh(node)).rejects.toMatchObject({ code: "LEASE_LOST" });
  expect(host.sshCounts().channels).toBe(channels + 1);
  expect(simulator.actionLog).toEqual([]);
});
