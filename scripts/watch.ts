/** `npm run -s watch`: prints every change of a VM as it comes, over graphql-ws. ECOMAN_URL and ECOMAN_TOKEN say where and who. */
import { createClient } from "graphql-ws";

const { ECOMAN_URL: url = "http://127.0.0.1:4000/graphql", ECOMAN_TOKEN: token } = process.env;

interface Change {
  readonly vmsChanged: {
    readonly kind: "CHANGES" | "RESET";
    readonly revision: string;
    readonly upserted: readonly {
      readonly name: string;
      readonly powerState: string;
      readonly node: { name: string };
    }[];
    readonly removed: readonly string[];
  };
}

const client = createClient({
  url: url.replace(/^http/, "ws"),
  connectionParams: token === undefined ? {} : { authorization: `Bearer ${token}` },
  retryAttempts: Number.POSITIVE_INFINITY,
  on: { connected: () => console.error(`Connected to ${url}; waiting for changes.`) },
});

const query = "subscription { vmsChanged { kind revision removed upserted { name powerState node { name } } } }";
try {
  for await (const { data, errors } of client.iterate<Change>({ query })) {
    if (errors) throw new Error(errors.map(({ message }) => message).join("; "));
    for (const vm of data?.vmsChanged.upserted ?? []) console.log(`${vm.node.name}  ${vm.name}  ${vm.powerState}`);
    for (const id of data?.vmsChanged.removed ?? []) console.log(`removed  ${id}`);
  }
} catch (thrown) {
  console.error("The server ended the connection:", thrown instanceof Error ? thrown.message : thrown);
  process.exitCode = 1;
}
