/** The real crawler, driver and SQLite store over a shell that plays recorded scans, by a clock that the test moves. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Crawler, createCrawler } from "../../server/crawler/crawler.ts";
import { createManualClock, type ManualClock } from "../../server/crawler/testing/manual-clock.ts";
import { nodeConfig } from "../../server/crawler/testing/settings.ts";
import { AppError, toAppError } from "../../server/errors.ts";
import { createEsxiDriver } from "../../server/esxi/esxi-driver.ts";
import type { RunOptions, RunResult, Shell } from "../../server/esxi/shell.ts";
import { createFleet } from "../../server/fleet.ts";
import { type Log, silentLog } from "../../server/log.ts";
import { openSqliteStore } from "../../server/store/sqlite.ts";
import type { InventoryChange, InventoryStore, StoredInventory } from "../../server/store/store.ts";
import type { ScanOutput } from "./cuts.ts";
import { recordedNonce } from "./record.ts";

export interface Replay {
  /** What the host prints from now on. */
  output: ScanOutput;
  /** A scan from start to end, so many ms after now. Answers why it was not complete. */
  scan(afterMs?: number): Promise<AppError | undefined>;
  /** So much time passes, with the scans that are due in it. */
  pass(ms: number): Promise<void>;
  /** All scans so far. */
  readonly scans: number;
  stored(): Promise<StoredInventory>;
  /** The server ends and starts again on the same store. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface ReplayOptions {
  readonly output: ScanOutput;
  /** Hears of every change before it is stored. */
  readonly onChange: (change: InventoryChange) => void;
  /** From one scan by itself to the next. Default 10 minutes, so that a test decides when to scan. */
  readonly intervalMs?: number;
}

const node = "esx";

export async function startReplay(options: ReplayOptions): Promise<Replay> {
  const folder = await mkdtemp(join(tmpdir(), "ecoman-replay-"));
  const clock = createManualClock();
  const faultsOfOurs: unknown[] = [];
  const log: Log = { ...silentLog, error: (fields, message) => faultsOfOurs.push({ message, ...fields }) };
  const store = await openSqliteStore({ path: join(folder, "ecoman.db"), clock, log });
  let scans = 0;
  const shell: Shell = {
    run: (script, run) => {
      const nonce = /^nonce=(\w+)$/m.exec(script)?.[1] ?? "";
      if (!script.includes("getallvms")) return Promise.reject(new AppError("HOST_BUSY", "Only scans are recorded."));
      scans += 1;
      return Promise.resolve(play({ ...replay.output, nonce, run }));
    },
    permitLogin: () => Promise.resolve(),
    disconnect: () => undefined,
    close: () => Promise.resolve(),
  };

  async function open(): Promise<Crawler> {
    const fleet = createFleet(() => createEsxiDriver({ shell, clock, node }));
    const intervalMs = options.intervalMs ?? 600_000;
    const watched = { ...store, apply: heard(store, options.onChange) };
    const opened = createCrawler({ fleet, store: watched, intervalMs, clock, log, random: () => 0.5 });
    await opened.setNodes([nodeConfig(node)]);
    await opened.hold({ node, fence: 0 }, "start");
    await clock.advance(1_000);
    return opened;
  }

  const replay: Replay = {
    output: options.output,
    get scans() {
      return scans;
    },
    async scan(afterMs = 0) {
      await clock.advance(afterMs);
      const outcome = await inTime(crawler.refresh(node), clock);
      if (faultsOfOurs.length > 0) throw new Error("A fault of ours was logged.", { cause: faultsOfOurs });
      return outcome;
    },
    pass: (ms) => clock.advance(ms),
    stored: () => store.load(),
    async restart() {
      await inTime(crawler.close(), clock);
      crawler = await open();
    },
    async close() {
      await inTime(crawler.close(), clock);
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  let crawler = await open();
  return replay;
}

function heard(store: InventoryStore, onChange: (change: InventoryChange) => void): InventoryStore["apply"] {
  return (change) => {
    onChange(change);
    return store.apply(change);
  };
}

interface Playing extends ScanOutput {
  readonly nonce: string;
  readonly run: RunOptions;
}

/** As a real shell would: what came so far is told now and then, here when the listings are whole and at the end. */
function play({ stdout, exitCode, nonce, run }: Playing): RunResult {
  const text = stdout.replaceAll(recordedNonce, nonce);
  const listed = text.indexOf("end listed");
  if (listed >= 0) run.onOutput?.(text.slice(0, text.indexOf("\n", listed) + 1));
  run.onOutput?.(text);
  return { stdout: text, stderr: "", exitCode };
}

/** Lets the clock go on until it is done. A failure is answered, not thrown, if it is one that the API would tell. */
async function inTime(work: Promise<void>, clock: ManualClock): Promise<AppError | undefined> {
  const ending = { isOver: false };
  const over = (): void => {
    ending.isOver = true;
  };
  work.then(over, over);
  await clock.advance(0);
  while (!ending.isOver) await clock.advance(1_000);
  const failure = await work.catch(toAppError);
  if (failure?.code === "INTERNAL") throw failure.cause;
  return failure ?? undefined;
}
