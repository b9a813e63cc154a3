/** Refused logins and host keys accepted at first use. */
import type { NodeName } from "../model.ts";
import type { SqliteFile } from "./sqlite-file.ts";
import { createRecordTable } from "./sqlite-records.ts";
import type { LoginRefusal } from "./store.ts";

export interface LoginTables {
  refusal(node: NodeName): LoginRefusal | undefined;
  saveRefusal(node: NodeName, refusal: LoginRefusal | undefined): void;
  trustedKeys(node: NodeName): string[];
  trust(node: NodeName, fingerprint: string): void;
}

export function createLoginTables(file: SqliteFile): LoginTables {
  const refusals = createRecordTable<LoginRefusal>(file, { table: "login_refusal", key: "node" });
  const selectKeys = file.db.prepare("SELECT fingerprint FROM trusted_host_key WHERE node = ? ORDER BY fingerprint");
  const insertKey = file.db.prepare("INSERT OR IGNORE INTO trusted_host_key VALUES (?, ?)");
  return {
    refusal: (node) => file.read(() => refusals.get(node)),
    saveRefusal: (node, refusal) =>
      file.write(() => {
        if (refusal === undefined) refusals.delete(node);
        else refusals.put(node, refusal);
      }),
    trustedKeys: (node) => file.read(() => selectKeys.all(node).map((row) => String(row["fingerprint"]))),
    trust: (node, fingerprint) => file.write(() => void insertKey.run(node, fingerprint)),
  };
}
