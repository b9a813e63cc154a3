/** For tests: all that is in one database, as it is this instant, in another one of the same server. */
import { MongoClient } from "mongodb";

export interface CopyRequest {
  readonly url: string;
  readonly from: string;
  readonly to: string;
}

export async function copyDatabase({ url, from, to }: CopyRequest): Promise<void> {
  const client = new MongoClient(url);
  try {
    const source = client.db(from);
    for (const { name } of await source.listCollections().toArray()) {
      const documents = await source.collection(name).find().toArray();
      if (documents.length > 0) await client.db(to).collection(name).insertMany(documents);
    }
  } finally {
    await client.close();
  }
}
