/** A connection string, read by the driver's own parser: what passes here, the driver understands in the same way. */
import { ConnectionString } from "mongodb-connection-string-url";
import { hostAndPort } from "./checks.ts";

export interface MongoAddress {
  /** A whole connection string. */
  readonly url: string;
  /** Without credentials and options. */
  readonly shown: string;
  /** The one in the path, decoded; empty: none. */
  readonly database: string;
  /** Decoded; empty: none. */
  readonly password: string;
}

/** What is wrong is not told in detail: a parser's message would quote parts of the password. */
export const urlForm =
  "mongodb://HOST[:PORT][,HOST…][/DATABASE][?OPTIONS] or mongodb+srv://NAME…, with NAME:PASSWORD@ before the hosts where needed; in them @ : / ? # [ ] % are written as %40 %3A %2F %3F %23 %5B %5D %25 (MONGO_HOST, MONGO_USERNAME and MONGO_PASSWORD need none of that)";

/** Undefined: no connection string. */
export function parseMongoUrl(text: string): MongoAddress | undefined {
  // The parser takes what follows an unescaped @ or / of a password for a host, or for a database.
  if (text.split("@").length > 2) return undefined;
  try {
    const parsed = new ConnectionString(text);
    if (!parsed.hosts.every((host) => isSocket(host) || hostAndPort(host) !== undefined)) return undefined;
    return {
      url: text,
      shown: `${parsed.protocol}//${parsed.hosts.join(",")}`,
      database: decodeURIComponent(parsed.pathname.slice(1)),
      password: decodeURIComponent(parsed.password),
    };
  } catch {
    return undefined;
  }
}

/** The path of a Unix socket, percent-encoded. */
function isSocket(host: string): boolean {
  return /^%2F[\w.%-]+\.sock$/i.test(host);
}
