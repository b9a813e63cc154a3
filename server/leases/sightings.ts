/** What the looks have shown so far: who lives, and what was unchanged for how long. */
import type { NodeName } from "../model.ts";
import type { Leaseholders, LeaseRecord, ServerId, ServerRecord } from "../store/leases.ts";
import type { LivingServer } from "./decide.ts";
import type { LeaseLimits } from "./leases.ts";
import { createSilences, type Span } from "./silences.ts";

export interface Sightings {
  note(seen: Leaseholders, stored: readonly NodeName[], look: Span): void;
  /** Nothing seen so far counts any more. */
  restart(): void;
  /** Other servers; who is seen for the first time lives. */
  living(seen: Leaseholders): readonly LivingServer[];
  /** It did not take a node when it was its turn: it is not counted on for a while, lest nodes go to and fro. */
  passOver(id: ServerId): void;
  readonly silentMs: (node: NodeName) => number;
  readonly unnamedMs: (node: NodeName) => number;
  toForget(seen: Leaseholders): readonly ServerRecord[];
  /** When it is worthwhile to look again, in ms: sooner than usual where somebody will have been silent for long enough. */
  dueMs(): number;
}

export function createSightings(self: ServerId, limits: LeaseLimits): Sightings {
  const { beatMs, leaseMs, patienceMs, forgetMs } = limits;
  const silences = createSilences(limits);
  const passedOver = new Map<ServerId, number>();
  let keys: readonly string[] = [];
  let lookedAt = 0;

  const isLiving = ({ id }: ServerRecord): boolean => silences.of(serverKey(id)) < leaseMs;

  function isTaking(id: ServerId): boolean {
    const passedOverAt = passedOver.get(id) ?? -Infinity;
    return silences.of(serverKey(id)) < patienceMs && lookedAt - passedOverAt >= forgetMs;
  }

  function valuesOf({ leases, servers }: Leaseholders, stored: readonly NodeName[]): ReadonlyMap<string, string> {
    const named = new Set(servers.filter(isLiving).flatMap(({ nodes }) => nodes));
    const records = new Map(leases.map((record) => [record.node, record]));
    return new Map([
      ...[...new Set([...named, ...stored, ...records.keys()])].map(
        (node) => [leaseKey(node), stateOf(records.get(node))] as const,
      ),
      ...servers.map(({ id, beat }) => [serverKey(id), String(beat)] as const),
      ...stored.filter((node) => !named.has(node)).map((node) => [unnamedKey(node), ""] as const),
    ]);
  }

  return {
    note(seen, stored, look) {
      const values = valuesOf(seen, stored);
      silences.note(values, look);
      keys = [...values.keys()];
      lookedAt = look.endedAt;
    },
    restart: () => silences.restart(),
    living: ({ servers }) =>
      servers
        .filter((server) => server.id !== self && isLiving(server))
        .map(({ id, nodes }) => ({ id, nodes, isTaking: isTaking(id) })),
    passOver: (id) => void passedOver.set(id, lookedAt),
    silentMs: (node) => silences.of(leaseKey(node)),
    unnamedMs: (node) => silences.of(unnamedKey(node)),
    toForget: ({ servers }) => servers.filter(({ id }) => id !== self && silences.of(serverKey(id)) >= forgetMs),
    dueMs() {
      const rests = keys.flatMap((key) =>
        [leaseMs, patienceMs, leaseMs + patienceMs].map((ms) => ms - silences.of(key)),
      );
      return Math.min(beatMs, ...rests.filter((ms) => ms > 0));
    },
  };
}

const leaseKey = (node: NodeName): string => `lease ${node}`;
const serverKey = (id: ServerId): string => `server ${id}`;
const unnamedKey = (node: NodeName): string => `unnamed ${node}`;

function stateOf(record: LeaseRecord | undefined): string {
  return record === undefined ? "never leased" : `${record.owner} ${record.beat} ${record.fence}`;
}
