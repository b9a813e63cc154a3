/** The suite that every adapter of the lease port runs. */
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Lease, Leaseholders, LeaseRecord, LeaseStore } from "./leases.ts";

export interface LeaseSubject {
  /** So many servers before one store, which is empty at first. */
  open(count: number): Promise<readonly LeaseStore[]>;
  /** Ends all that was opened. */
  close(): Promise<void>;
}

export function leaseContract(name: string, subject: LeaseSubject): void {
  async function open(): Promise<readonly [LeaseStore, LeaseStore]> {
    const [one, other] = await subject.open(2);
    if (one === undefined || other === undefined) throw new Error("The subject opened fewer than two servers.");
    return [one, other];
  }

  async function seen(store: LeaseStore, node: string): Promise<LeaseRecord | undefined> {
    return (await store.look()).leases.find((record) => record.node === node);
  }

  async function taken(store: LeaseStore, node: string): Promise<Lease> {
    const lease = await store.take(node, await seen(store, node));
    if (lease === undefined) throw new Error(`${node} could not be taken.`);
    return lease;
  }

  describe(`${name} keeps the contract of leases`, () => {
    afterEach(() => subject.close());

    it("knows nobody and nothing at first", async () => {
      const [one, other] = await open();
      expect(await one.look()).toEqual({ leases: [], servers: [] });
      expect(one.self).not.toBe(other.self);
    });

    it("gives a node that was never leased to one of those that ask", async () => {
      const [one, other] = await open();
      const answers = await Promise.all([one.take("n1", undefined), other.take("n1", undefined)]);
      const winners = answers.filter((lease) => lease !== undefined);
      expect(winners).toHaveLength(1);
      const owner = answers[0] === undefined ? other.self : one.self;
      expect(await seen(one, "n1")).toMatchObject({ ...winners[0], owner });
    });

    it("gives a node from exactly what was seen to one of those that ask, under the next fence", async () => {
      const [one, other] = await open();
      const first = await taken(one, "n1");
      const record = await seen(other, "n1");
      expect(record).toMatchObject({ node: "n1", owner: one.self, fence: first.fence });
      expect(await other.take("n1", undefined)).toBeUndefined();
      const answers = await Promise.all([other.take("n1", record), one.take("n1", record)]);
      expect(answers.filter((lease) => lease !== undefined)).toEqual([{ node: "n1", fence: first.fence + 1 }]);
      expect(await one.take("n1", record)).toBeUndefined();
    });

    it("gives nothing from what was seen before its owner beat", async () => {
      const [one, other] = await open();
      const lease = await taken(one, "n1");
      const record = await seen(other, "n1");
      await one.beat([lease], []);
      expect(await other.take("n1", record)).toBeUndefined();
      expect(await seen(other, "n1")).toMatchObject({ owner: one.self, fence: lease.fence });
    });

    it("lets a server take again, under the next fence, what is its own already", async () => {
      const [one] = await open();
      const first = await taken(one, "n1");
      expect(await taken(one, "n1")).toEqual({ node: "n1", fence: first.fence + 1 });
      expect(await one.beat([first], [])).toEqual([]);
    });

    it("renews by a beat what is still the server's own, and nothing else", async () => {
      const [one, other] = await open();
      const [kept, lost] = [await taken(one, "kept"), await taken(one, "lost")];
      await taken(one, "idle");
      const gained = await taken(other, "lost");
      const before = await one.look();
      expect(await one.beat([kept, lost, { node: "never", fence: 1 }], [])).toEqual([kept]);
      const after = await one.look();
      expect(beatOf(after, "kept")).not.toBe(beatOf(before, "kept"));
      expect(beatOf(after, "idle")).toBe(beatOf(before, "idle"));
      expect(beatOf(after, "lost")).toBe(beatOf(before, "lost"));
      expect(await seen(one, "lost")).toMatchObject({ ...gained, owner: other.self });
    });

    it("tells by a beat that a server is there, and of which nodes, anew each time", async () => {
      const [one, other] = await open();
      await one.beat([], ["n1", "n2"]);
      const [first] = (await other.look()).servers;
      expect(first).toMatchObject({ id: one.self, nodes: ["n1", "n2"] });
      await one.beat([], ["n2"]);
      const { servers } = await other.look();
      expect(servers).toMatchObject([{ id: one.self, nodes: ["n2"] }]);
      expect(servers[0]?.beat).not.toBe(first?.beat);
    });

    it("sets a node free that is released, for anybody to take at once", async () => {
      const [one, other] = await open();
      const lease = await taken(one, "n1");
      await one.release(lease);
      expect(await seen(other, "n1")).toMatchObject({ node: "n1", owner: null, fence: lease.fence });
      expect(await one.beat([lease], [])).toEqual([]);
      expect(await taken(other, "n1")).toEqual({ node: "n1", fence: lease.fence + 1 });
    });

    it("changes nothing by a release of what was lost meanwhile", async () => {
      const [one, other] = await open();
      const lost = await taken(one, "n1");
      const gained = await taken(other, "n1");
      await one.release(lost);
      expect(await seen(one, "n1")).toMatchObject({ ...gained, owner: other.self });
      expect(await other.beat([gained], [])).toEqual([gained]);
    });

    it("forgets a server that leaves, until it beats again", async () => {
      const [one, other] = await open();
      await one.beat([], []);
      await other.beat([], []);
      await one.leave();
      expect((await other.look()).servers.map(({ id }) => id)).toEqual([other.self]);
      await one.beat([], []);
      expect((await other.look()).servers).toHaveLength(2);
    });

    it("strikes off a server as it was seen, and not when it has beaten since", async () => {
      const [one, other] = await open();
      await one.beat([], []);
      const [record] = (await other.look()).servers;
      if (record === undefined) throw new Error("The server is not there.");
      await one.beat([], []);
      await other.forget(record);
      const [now] = (await other.look()).servers;
      expect(now?.id).toBe(one.self);
      if (now !== undefined) await other.forget(now);
      expect((await other.look()).servers).toEqual([]);
    });

    it("takes any name of a node as it is", async () => {
      const [one] = await open();
      const names = ["__proto__", "$where", "a.b", "esx 1", "ünïcode"];
      for (const node of names) await taken(one, node);
      await one.beat([], names);
      const { leases, servers } = await one.look();
      expect(leases.map(({ node }) => node).toSorted()).toEqual(names.toSorted());
      expect(servers[0]?.nodes).toEqual(names);
    });

    it("tells others that a node was taken or set free, until they do not listen any more", async () => {
      const [one, other] = await open();
      const listening = new AbortController();
      let calls = 0;
      other.onChange(() => (calls += 1), listening.signal);
      const lease = await taken(one, "n1");
      await vi.waitFor(() => expect(calls).toBeGreaterThan(0), 5000);
      const before = calls;
      await one.release(lease);
      await vi.waitFor(() => expect(calls).toBeGreaterThan(before), 5000);
      listening.abort();
      const after = calls;
      await taken(one, "n1");
      await other.look();
      expect(calls).toBe(after);
    });
  });
}

function beatOf({ leases }: Leaseholders, node: string): number | undefined {
  return leases.find((record) => record.node === node)?.beat;
}
