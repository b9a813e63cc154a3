/** A client as docs/api.md tells it to be: reads, follows, and resumes whenever its line breaks. */
import { setTimeout as delay } from "node:timers/promises";
import type { Subscribe } from "../../harness/graphql.ts";
import { readPages } from "./read-pages.ts";
import { stateFields, type VmState, type VmStates } from "./vm-state.ts";

export interface FollowerOptions {
  readonly name: string;
  readonly url: string;
  readonly subscribe: Subscribe;
  readonly filter: object;
  /** Default 50. */
  readonly pageSize?: number;
}

export interface Follower {
  readonly name: string;
  readonly filter: object;
  readonly held: VmStates;
  /** Times its line broke and it was told what it missed. */
  readonly resumes: number;
  /** Times it read the whole list. */
  readonly reads: number;
  readonly resets: number;
  readonly messages: number;
  stop(): Promise<void>;
}

interface Change {
  readonly vmsChanged: {
    readonly kind: "CHANGES" | "RESET";
    readonly revision: string;
    readonly upserted: readonly VmState[];
    readonly removed: readonly string[];
  };
}

const changes = `subscription ($filter: VmFilter, $since: String) {
  vmsChanged(filter: $filter, since: $since) { kind revision removed upserted { ${stateFields} } }
}`;

export function startFollower({ name, url, subscribe, filter, pageSize }: FollowerOptions): Follower {
  const stopping = new AbortController();
  const counts = { resumes: 0, reads: 0, resets: 0, messages: 0 };
  let held = new Map<string, VmState>();
  let revision: string | undefined;
  let isResuming = false;
  let hangUp = (): void => undefined;

  function take({ vmsChanged: change }: Change): void {
    counts.messages += 1;
    if (isResuming) counts.resumes += 1;
    isResuming = false;
    if (change.kind === "RESET") {
      counts.resets += 1;
      revision = undefined;
      hangUp();
      return;
    }
    // What was on its way when we hung up is no news of the list we read next.
    if (revision === undefined) return;
    for (const vm of change.upserted) held.set(vm.id, vm);
    for (const id of change.removed) held.delete(id);
    revision = change.revision;
  }

  async function read(): Promise<void> {
    const reading = await readPages(url, filter, pageSize);
    counts.reads += 1;
    isResuming = false;
    held = reading.vms;
    revision = reading.revision;
  }

  async function follow(): Promise<void> {
    const subscription = subscribe(url, { query: changes, variables: { filter, since: revision } }, take);
    hangUp = () => subscription.cut();
    await subscription.ended;
    isResuming = true;
  }

  async function live(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        if (revision === undefined) await read();
        await follow();
      } catch {
        // The line broke while it read, or the server is away: it comes again.
      }
      await delay(10);
    }
  }

  const lived = live();
  return {
    name,
    filter,
    get held() {
      return held;
    },
    get resumes() {
      return counts.resumes;
    },
    get reads() {
      return counts.reads;
    },
    get resets() {
      return counts.resets;
    },
    get messages() {
      return counts.messages;
    },
    async stop() {
      stopping.abort();
      hangUp();
      await lived;
    },
  };
}
