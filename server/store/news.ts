/** What has happened since the store was opened, as far back as a bound allows, and those who follow it. */
import type { Revision } from "../model.ts";
import type { RevisionParts, StoreNews } from "./store.ts";
import { parseRevision } from "./store.ts";

export interface NewsLog {
  /** Called after the commit; `number` is that of the last commit. */
  append(news: StoreNews, number: number): void;
  watch(since: Revision, signal: AbortSignal): AsyncIterable<StoreNews>;
  /** What came between is lost: every watcher is reset, and the log goes on behind this revision. */
  restart(revision: RevisionParts): void;
  /** Ends every watcher. */
  close(): void;
}

export interface NewsLogOptions {
  readonly epoch: string;
  /** The number of the last commit before the log begins. */
  readonly startNumber: number;
  /** How many records the kept news may hold together, so that a slow watcher costs bounded memory. */
  readonly maxRecords: number;
}

interface Entry {
  readonly news: StoreNews;
  readonly number: number;
  readonly records: number;
}

export function createNewsLog(options: NewsLogOptions): NewsLog {
  const entries: Entry[] = [];
  const waiting = new Set<() => void>();
  /** Position of entries[0], counted from the log's beginning. */
  let start = 0;
  /** News after this number are all here. */
  let { epoch } = options;
  let floor = options.startNumber;
  let last = options.startNumber;
  let kept = 0;
  const closing = new AbortController();

  function trim(): void {
    // The newest stays whatever its size, or a large change could reach nobody.
    while (kept > options.maxRecords && entries.length > 1) {
      const oldest = entries.shift();
      if (oldest === undefined) return;
      start += 1;
      kept -= oldest.records;
      floor = oldest.number;
    }
  }

  /** Undefined: not everything after it is here. */
  function positionAfter(since: Revision): number | undefined {
    const parts = parseRevision(since);
    if (parts === undefined || parts.epoch !== epoch) return undefined;
    const { number } = parts;
    if (number < floor || number > last) return undefined;
    const index = entries.findIndex((entry) => isAfter(entry, number));
    return start + (index === -1 ? entries.length : index);
  }

  function nextNews(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        waiting.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      waiting.add(wake);
      signal.addEventListener("abort", wake);
    });
  }

  async function* watch(since: Revision, signal: AbortSignal): AsyncGenerator<StoreNews> {
    let position = positionAfter(since);
    while (!signal.aborted && !closing.signal.aborted) {
      if (position === undefined || position < start) {
        yield { kind: "reset" };
        return;
      }
      const entry = entries[position - start];
      if (entry === undefined) {
        await nextNews(signal);
      } else {
        position += 1;
        yield entry.news;
      }
    }
  }

  function wakeAll(): void {
    for (const wake of waiting) wake();
  }

  return {
    append(news, number) {
      const records = recordsIn(news);
      entries.push({ news, number, records });
      kept += records;
      last = number;
      trim();
      wakeAll();
    },
    watch,
    restart({ epoch: next, number }) {
      epoch = next;
      // One place more than there were entries: a watcher that had read them all is behind too.
      start += entries.length + 1;
      entries.length = 0;
      kept = 0;
      floor = number;
      last = number;
      wakeAll();
    },
    close() {
      closing.abort();
      wakeAll();
    },
  };
}

/** Pulses and deeds carry the number of the commit they came after. */
function isAfter({ news, number }: Entry, since: number): boolean {
  return number > since || (number === since && (news.kind === "pulse" || news.kind === "deed"));
}

function recordsIn(news: StoreNews): number {
  switch (news.kind) {
    case "change": {
      const { nodes = [], removedNodes = [], vms = [], removedVms = [] } = news.change;
      return nodes.length + removedNodes.length + vms.length + removedVms.length;
    }
    case "pulse":
      return news.pulse.nodes.length + news.pulse.usages.length;
    case "task":
    case "deed":
    case "reset":
    default:
      return 1;
  }
}
