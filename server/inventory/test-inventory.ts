/** For tests: an inventory over a real store in a folder of its own. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { VmFilter, VmOrder } from "../inventory.ts";
import { silentLog } from "../log.ts";
import type { Revision, Vm, VmId } from "../model.ts";
import { createStillClock } from "../store/contract/samples.ts";
import { openSqliteStore } from "../store/sqlite.ts";
import type { InventoryChange, InventoryStore } from "../store/store.ts";
import type { InventoryLimits, InventoryView } from "./inventory-view.ts";
import { createInventory } from "./inventory-view.ts";

export interface TestInventory extends AsyncDisposable {
  readonly store: InventoryStore;
  readonly inventory: InventoryView;
  /** Applies it, and waits until the inventory has it. */
  write(change: InventoryChange): Promise<Revision>;
  /** As a server's restart does: both are closed, and opened on the same folder. */
  restart(): Promise<void>;
}

export async function openTestInventory(limits: InventoryLimits = {}): Promise<TestInventory> {
  const folder = await mkdtemp(join(tmpdir(), "ecoman-inventory-"));
  const open = async (): Promise<[InventoryStore, InventoryView]> => {
    const path = join(folder, "ecoman.db");
    const { removedVms } = limits;
    const store = await openSqliteStore({ path, clock: createStillClock(), log: silentLog, limits: { removedVms } });
    return [store, await createInventory({ store, log: silentLog, limits })];
  };
  const close = async (): Promise<void> => {
    await inventory.close();
    await store.close();
  };
  let [store, inventory] = await open();

  return {
    get store() {
      return store;
    },
    get inventory() {
      return inventory;
    },
    async write(change) {
      const revision = await store.apply(change);
      await inventory.caughtUp(revision);
      return revision;
    },
    async restart() {
      await close();
      [store, inventory] = await open();
    },
    async [Symbol.asyncDispose]() {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** All of it, in one page. */
export function allVms(inventory: InventoryView, filter: VmFilter = {}, orderBy: readonly VmOrder[] = []): Vm[] {
  return [...inventory.vms({ filter, orderBy, page: { first: 100_000 } }).vms];
}

export function idsOf(vms: readonly Vm[]): VmId[] {
  return vms.map(({ id }) => id);
}

/** What the stream says next; fails after a generous while. */
export async function nextOf<T>(iterator: AsyncIterator<T>): Promise<T> {
  const late = AbortSignal.timeout(10_000);
  const tooLate = new Promise<never>((_, reject) => {
    late.addEventListener("abort", () => reject(new Error("nothing came for 10 s")));
  });
  const result = await Promise.race([iterator.next(), tooLate]);
  if (result.done === true) throw new Error("the stream ended");
  return result.value;
}
