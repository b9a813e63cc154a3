/** Refused logins and host keys accepted at first use. */
import type { NodeName } from "../../model.ts";
import type { LoginRefusal } from "../store.ts";
import { type Collections, documentVersion } from "./documents.ts";
import { text } from "./scalars.ts";

export interface Logins {
  refusal(node: NodeName): Promise<LoginRefusal | undefined>;
  saveRefusal(node: NodeName, refusal: LoginRefusal | undefined): Promise<void>;
  trustedKeys(node: NodeName): Promise<readonly string[]>;
  trust(node: NodeName, fingerprint: string): Promise<void>;
}

export function createLogins({ logins, hostKeys }: Collections): Logins {
  return {
    async refusal(node) {
      return (await logins.findOne({ _id: text(node) }))?.refusal ?? undefined;
    },
    async saveRefusal(node, refusal) {
      const replacement = { v: documentVersion, refusal: refusal ?? null };
      await logins.replaceOne({ _id: text(node) }, replacement, { upsert: true });
    },
    async trustedKeys(node) {
      return (await hostKeys.findOne({ _id: text(node) }))?.fingerprints ?? [];
    },
    async trust(node, fingerprint) {
      await hostKeys.updateOne(
        { _id: text(node) },
        { $set: { v: documentVersion }, $addToSet: { fingerprints: text(fingerprint) } },
        { upsert: true },
      );
    },
  };
}
