/** The suite that every adapter of the archive port runs. */
import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { Clock } from "../clock.ts";
import { isAppError } from "../errors.ts";
import { type ArchiveRecord, archiveKinds, type StoreArchive } from "./archive.ts";
import { someArchive } from "./contract/archive-records.ts";
import { fillStore, recordsIn, textsOf, writtenTo } from "./contract/archives.ts";
import { aTask, aVm, createStillClock } from "./contract/samples.ts";
import { newsUntil, numberOf } from "./contract/subject.ts";
import type { InventoryStore, StoredInventory } from "./store.ts";

export interface ArchiveSubject {
  /** Somewhere fresh and empty. */
  newPlace(): Promise<string>;
  archive(place: string): StoreArchive;
  /** The store of which that is the archive. */
  openStore(place: string, clock: Clock): Promise<InventoryStore>;
}

export function archiveContract(name: string, subject: ArchiveSubject): void {
  const opened: InventoryStore[] = [];
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
  });

  async function open(place: string, clock: Clock = createStillClock()): Promise<InventoryStore> {
    const store = await subject.openStore(place, clock);
    opened.push(store);
    return store;
  }

  /** Where a store is that held something, closed by now. */
  async function usedPlace(clock: Clock = createStillClock()): Promise<string> {
    const place = await subject.newPlace();
    const store = await open(place, clock);
    await fillStore(store);
    await store.close();
    return place;
  }

  async function copyOf(place: string): Promise<string> {
    const copy = await subject.newPlace();
    await subject.archive(copy).write(subject.archive(place).read());
    return copy;
  }

  describe(`${name} keeps the contract of the archive`, () => {
    it("gives back what was written, whatever the texts", async () => {
      await fc.assert(
        fc.asyncProperty(someArchive, async (records) => {
          const archive = subject.archive(await subject.newPlace());
          await archive.write(writtenTo(records));
          expect(await textsOf(archive.read())).toEqual(records.map((record) => JSON.stringify(record)));
        }),
        { numRuns: 25 },
      );
    });

    it("tells its kinds in their order, each of them where there is something of it", async () => {
      const records = await recordsIn(subject.archive(await usedPlace()).read());
      expect([...new Set(records.map(({ kind }) => kind))]).toEqual(archiveKinds);
    });

    it("makes a store that shows the same, under revisions of its own", async () => {
      const place = await usedPlace();
      const [after, before] = [await open(await copyOf(place)), await open(place)];
      const [was, is] = [await before.load(), await after.load()];
      expect(withNumbers(is)).toEqual(withNumbers(was));
      expect(is.revision).not.toBe(was.revision);
      await newsUntil(after, was.revision, ({ kind }) => kind === "reset");
      expect(numberOf(await after.apply({ vms: [aVm({ id: "later" })] }))).toBe(numberOf(was.revision) + 1);
    });

    it("keeps the tasks in their order, under the same cursors", async () => {
      const place = await usedPlace();
      const [after, before] = [await open(await copyOf(place)), await open(place)];
      for (const runningFirst of [false, true]) {
        const first = await before.tasks({ filter: {}, limit: 3, runningFirst });
        expect(await after.tasks({ filter: {}, limit: 3, runningFirst })).toEqual(first);
        const rest = { filter: {}, limit: 100, runningFirst, after: first.cursors.at(-1) ?? "" };
        expect(await after.tasks(rest)).toEqual(await before.tasks(rest));
      }
    });

    it("keeps the audit log, whose chain goes on", async () => {
      const place = await usedPlace();
      const [after, before] = [await open(await copyOf(place)), await open(place)];
      expect(await after.audit()).toEqual(await before.audit());
      await after.createTask({ task: aTask({ id: "later" }), idempotencyKey: null, inputHash: "h" });
      expect(await after.verifyAudit()).toBeUndefined();
      expect((await after.audit()).length).toBe((await before.audit()).length + 1);
    });

    it("keeps request keys, refused logins and host keys, and the age of the former", async () => {
      const clock = createStillClock();
      const after = await open(await copyOf(await usedPlace(clock)), clock);
      const repeat = { task: aTask({ id: "again" }), idempotencyKey: "key", inputHash: "h" };
      clock.advance(24 * 60 * 60 * 1000 - 1);
      expect(await after.createTask(repeat)).toMatchObject({ isNew: false, sameInput: true, task: { id: "t1" } });
      clock.advance(1);
      expect(await after.createTask(repeat)).toMatchObject({ isNew: true });
      expect(await after.loginRefusal("alpha")).toMatchObject({ credentialsHash: "c" });
      expect(await after.loginRefusal("beta")).toBeUndefined();
      expect(await after.trustedHostKeys("beta")).toEqual(["SHA256:one", "SHA256:two"]);
    });

    it("overwrites nothing", async () => {
      const [place, other] = [await usedPlace(), await usedPlace()];
      const before = await textsOf(subject.archive(place).read());
      await expect(subject.archive(place).write(subject.archive(other).read())).rejects.toSatisfy((error) =>
        isAppError(error, "CONFLICT"),
      );
      expect(await textsOf(subject.archive(place).read())).toEqual(before);
    });

    it("does not overwrite what little a server left at its first start", async () => {
      const place = await subject.newPlace();
      const store = await open(place);
      await store.trustHostKey("alpha", "SHA256:one");
      await store.close();
      const writing = subject.archive(place).write(subject.archive(await usedPlace()).read());
      await expect(writing).rejects.toSatisfy((error) => isAppError(error, "CONFLICT"));
    });

    it("tells where there is nothing, and makes nothing there", async () => {
      const place = await subject.newPlace();
      for (const attempt of [1, 2]) {
        const reading = textsOf(subject.archive(place).read());
        await expect(reading, `attempt ${attempt}`).rejects.toSatisfy((error) => isAppError(error, "NOT_FOUND"));
      }
    });

    it("leaves nothing that a server would take for whole when it is broken off, and can be begun anew", async () => {
      const records = await recordsIn(subject.archive(await usedPlace()).read());
      for (const upTo of [0, 1, 5, records.length - 1, records.length]) {
        const place = await subject.newPlace();
        const archive = subject.archive(place);
        await expect(archive.write(brokenOff(records, upTo))).rejects.toThrow("broken off");
        await expect(emptyOrRefused(place)).resolves.toBe(true);
        await archive.write(writtenTo(records));
        expect(await textsOf(archive.read())).toEqual(records.map((record) => JSON.stringify(record)));
      }
    });
  });

  async function emptyOrRefused(place: string): Promise<boolean> {
    try {
      const store = await open(place);
      const { nodes, vms } = await store.load();
      const { totalCount } = await store.tasks({ filter: {}, limit: 1 });
      const entries = await store.audit();
      await store.close();
      return nodes.length + vms.length + totalCount + entries.length === 0;
    } catch (error) {
      return isAppError(error, "CONFLICT");
    }
  }
}

/** As a file that ends too early, after so many records. */
async function* brokenOff(records: readonly ArchiveRecord[], upTo: number): AsyncGenerator<ArchiveRecord> {
  yield* records.slice(0, upTo);
  throw new Error("broken off");
}

/** Without the epoch, and in one order. */
function withNumbers(inventory: StoredInventory): unknown {
  const { nodes, vms, pulses, usages, removed, vmRevisions, revision, oldestResumable } = inventory;
  const byText = (records: readonly unknown[]): string[] => records.map((record) => JSON.stringify(record)).toSorted();
  return {
    nodes: byText(nodes),
    vms: byText(vms),
    pulses: byText(pulses),
    usages: byText(usages),
    removed: removed.map((one) => [one.id, numberOf(one.revision)]),
    vmRevisions: byText([...vmRevisions].map(([vmId, one]) => [vmId, numberOf(one)])),
    heads: [numberOf(revision), numberOf(oldestResumable)],
  };
}
