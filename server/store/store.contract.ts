/** The suite that every adapter of the store port runs. It assumes nothing about when news arrive, only that they do. */
import { afterEach, describe } from "vitest";
import { inventoryContract } from "./contract/inventory.ts";
import { keepingContract } from "./contract/keeping.ts";
import { newsContract } from "./contract/news.ts";
import { createStillClock } from "./contract/samples.ts";
import type { StoreSubject, Stores } from "./contract/subject.ts";
import { tasksContract } from "./contract/tasks.ts";
import type { InventoryStore } from "./store.ts";

export type { OpenOptions, StoreSubject } from "./contract/subject.ts";

export function storeContract(name: string, subject: StoreSubject): void {
  describe(`${name} keeps the contract of the store`, () => {
    const opened: InventoryStore[] = [];
    const stores: Stores = {
      subject,
      async open({ place, clock = createStillClock(), limits } = {}) {
        const store = await subject.open({ place: place ?? (await subject.newPlace()), clock, limits });
        opened.push(store);
        return store;
      },
    };
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close();
    });

    describe("inventory", () => inventoryContract(stores));
    describe("news", () => newsContract(stores));
    describe("tasks", () => tasksContract(stores));
    describe("keeping", () => keepingContract(stores));
  });
}
