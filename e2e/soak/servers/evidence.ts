/** All that the database and the servers say of one VM, for whoever has to find out which of them is wrong. */
import { MongoClient } from "mongodb";
import { decodeEntry, type JournalDocument } from "../../../server/store/mongo/journal.ts";
import { query } from "../../harness/graphql.ts";
import type { Cluster } from "./cluster.ts";

interface VmDocument {
  readonly _id: string;
}

export async function evidenceOf(id: string, { database, members }: Cluster): Promise<string> {
  const client = await MongoClient.connect(database.url);
  try {
    const db = client.db(database.dbName);
    const stored = await db.collection<VmDocument>("vms").findOne({ _id: id });
    const journal = await db.collection<JournalDocument>("journal").find().sort({ _id: 1 }).toArray();
    const entries = await Promise.all(journal.map(decodeEntry));
    const about = entries.filter(({ deed }) => deed.kind === "change" && JSON.stringify(deed).includes(id));
    const lines = about.map(({ sequence, by, revision, deed }) => {
      const change = deed.kind === "change" ? deed.change : {};
      const vm = change.vms?.find((each) => each.id === id);
      const what = vm === undefined ? "removes it" : `vmid ${vm.vmid}, ${vm.name}, ${vm.powerState}, stale ${vm.stale}`;
      return `  journal ${sequence} (revision ${revision}) by ${by}: ${what}`;
    });
    const told = await Promise.all(
      members.map(async ({ name, url, server, id: serverId }) => {
        const text = "query ($id: ID!) { vm(id: $id) { vmid name powerState stale } vms(first: 1) { revision } }";
        const answer = server && (await query(url, text, { id }).catch(String));
        return `  ${name} (${serverId}): ${JSON.stringify(answer)}`;
      }),
    );
    return [
      ...told,
      `  stored: ${JSON.stringify(stored)}`,
      ...lines.slice(-12),
      `  last entry: ${entries.at(-1)?.sequence}`,
    ].join("\n");
  } finally {
    await client.close();
  }
}
