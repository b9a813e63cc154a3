/** Who holds which node, read from the database as a bystander. */
import { MongoClient } from "mongodb";
import { until } from "../../harness/until.ts";
import type { Cluster } from "./cluster.ts";

export interface Hands {
  /** Node → id of the server that holds it; null: nobody. */
  holders(): Promise<ReadonlyMap<string, string | null>>;
  /** Resolves with how long it took, in ms, until none of the nodes is held by this server, and each by another one. */
  takenFrom(id: string): Promise<number>;
  /** Resolves when each server holds its fair share, as near as can be. */
  even(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

interface HolderDocument {
  readonly _id: string;
  readonly owner: string | null;
}

export async function watchHands(cluster: Cluster): Promise<Hands> {
  const client = await MongoClient.connect(cluster.database.url);
  const collection = client.db(cluster.database.dbName).collection<HolderDocument>("holders");
  const nodes = cluster.simulator.hosts.length;

  async function holders(): Promise<ReadonlyMap<string, string | null>> {
    const documents = await collection.find().toArray();
    return new Map(documents.map(({ _id: node, owner }) => [node, owner]));
  }

  return {
    holders,
    async takenFrom(id) {
      const startedAt = performance.now();
      await until(
        async () => {
          const owners = [...(await holders()).values()];
          return owners.length === nodes && owners.every((owner) => owner !== null && owner !== id);
        },
        { withinMs: 60_000, what: `the nodes of ${id} to be taken over` },
      );
      return performance.now() - startedAt;
    },
    async even() {
      const ids = cluster.running().map(({ id }) => id);
      const [least, most] = [Math.floor(nodes / ids.length), Math.ceil(nodes / ids.length)];
      let counts: readonly number[] = [];
      await until(
        async () => {
          const owners = [...(await holders()).values()];
          counts = ids.map((id) => owners.filter((owner) => owner === id).length);
          return owners.length === nodes && counts.every((count) => count >= least && count <= most);
        },
        { withinMs: 180_000, what: `an even load of ${nodes} nodes` },
      ).catch((error: unknown) => {
        throw new Error(`${String(error)}; the servers hold ${counts.join(", ")}`);
      });
    },
    async [Symbol.asyncDispose]() {
      await client.close();
    },
  };
}
