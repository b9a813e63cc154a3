import { MongoClient } from "mongodb";

interface BuildInfo {
  readonly version: string;
  /** FerretDB 1 and 2 give theirs beside the version of MongoDB they stand for. */
  readonly ferretdbVersion?: string;
  readonly ferretdb?: { readonly version: string };
}

/** What the server calls itself, e.g. "MongoDB 8.0.4". Rejects after ten seconds when none answers. */
export async function productOf(url: string): Promise<string> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 10_000 });
  try {
    const info = (await client.db("admin").command({ buildInfo: 1 })) as BuildInfo;
    const ferretdb = info.ferretdbVersion ?? info.ferretdb?.version;
    return ferretdb === undefined ? `MongoDB ${info.version}` : `FerretDB ${ferretdb}`;
  } finally {
    await client.close();
  }
}
