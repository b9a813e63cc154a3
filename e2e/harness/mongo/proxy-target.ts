import { MongoClient } from "mongodb";

export interface ProxyTarget {
  readonly host: string;
  readonly port: number;
  /** Connection string for the same login at a port of this machine. Holds the password. */
  urlAt(port: number): string;
}

/** The server behind a connection string that takes writes now. */
export async function targetOf(url: string): Promise<ProxyTarget> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 10_000 });
  const { hosts, tls, credentials } = client.options;
  if (tls) throw new Error("The server wants TLS: no faults can be played on a line that can't be read");
  try {
    // By its old name, which every server knows.
    const { primary } = (await client.db("admin").command({ isMaster: 1 })) as { primary?: string };
    const [host, port] = (primary ?? String(hosts[0])).split(/:(?=\d+$)/);
    return {
      host: host ?? "127.0.0.1",
      port: Number(port ?? 27017),
      urlAt: (own) => `mongodb://${login(credentials)}127.0.0.1:${own}/?directConnection=true${source(credentials)}`,
    };
  } finally {
    await client.close();
  }
}

type Credentials = MongoClient["options"]["credentials"];

function login(credentials: Credentials): string {
  if (credentials === undefined) return "";
  return `${encodeURIComponent(credentials.username)}:${encodeURIComponent(credentials.password)}@`;
}

function source(credentials: Credentials): string {
  if (credentials === undefined) return "";
  const mechanism = credentials.mechanism === "DEFAULT" ? "" : `&authMechanism=${credentials.mechanism}`;
  return `&authSource=${encodeURIComponent(credentials.source)}${mechanism}`;
}
