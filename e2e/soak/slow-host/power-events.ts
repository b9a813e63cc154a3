/** What a subscriber of `vmsChanged` was told of VMs' power, and when. */
import type { PowerState } from "../../../server/model.ts";
import { query, subscribeWs } from "../../harness/graphql.ts";
import { until } from "../../harness/until.ts";

export interface PowerEvents {
  /** What is told of the VM now. */
  powerOf(name: string): PowerState | undefined;
  /** Resolves when the VM was told to be so, with how many ms after `since` that was. */
  delayOf(change: PowerChange): Promise<number>;
  stop(): void;
}

export interface PowerChange {
  readonly name: string;
  readonly power: PowerState;
  /** By Date.now(). */
  readonly since: number;
}

interface Told {
  readonly name: string;
  readonly powerState: PowerState;
}

const subscription = "subscription ($since: String!) { vmsChanged(since: $since) { upserted { name powerState } } }";

export async function followPower(url: string): Promise<PowerEvents> {
  const { vms } = await query<{ vms: { revision: string; nodes: readonly Told[] } }>(
    url,
    "{ vms(first: 1000) { revision nodes { name powerState } } }",
  );
  const now = new Map(vms.nodes.map(({ name, powerState }) => [name, powerState]));
  const events: PowerChange[] = [];
  const operation = { query: subscription, variables: { since: vms.revision } };
  const stream = subscribeWs<{ vmsChanged: { upserted: readonly Told[] } }>(url, operation, ({ vmsChanged }) => {
    for (const { name, powerState } of vmsChanged.upserted) {
      if (now.get(name) === powerState) continue;
      now.set(name, powerState);
      events.push({ name, power: powerState, since: Date.now() });
    }
  });
  return {
    powerOf: (name) => now.get(name),
    async delayOf({ name, power, since }) {
      const seen = await until(
        () => events.find((event) => event.name === name && event.power === power && event.since >= since),
        { withinMs: 60_000, what: `the subscriber to be told that ${name} is ${power}` },
      );
      return seen.since - since;
    },
    stop: () => stream.cut(),
  };
}
