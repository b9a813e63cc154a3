/** Adapter of NodeDriver: one ESXi host, spoken to through a Shell. */
import type { Clock } from "../clock.ts";
import { AppError, isAppError } from "../errors.ts";
import { createActScript, plannedCommands } from "./commands/act-script.ts";
import { createFenceScript } from "./commands/fence-script.ts";
import { createIsoScript, isoPlaces } from "./commands/iso-script.ts";
import { createForgetScript, createLookScript } from "./commands/look-script.ts";
import { createOptionsScript } from "./commands/options-script.ts";
import { createFallbackScript, createReadScript, createScanScript } from "./commands/scan-script.ts";
import type { Script } from "./commands/script.ts";
import type { HostObservation, NodeDriver, ReadOptions, ScanOptions, ScanRequest } from "./driver.ts";
import { createEsxiCreation } from "./esxi-creation.ts";
import { inTurns } from "./iso-turns.ts";
import { parseConfigOptions } from "./parse/config-options.ts";
import { isHostdTrouble } from "./parse/hostd-trouble.ts";
import { excerpt } from "./parse/parsed.ts";
import { splitSections } from "./parse/sections.ts";
import { readReceipt, readReport, wholeSections } from "./reading/act.ts";
import { readClaim } from "./reading/fence.ts";
import { readIsoListing } from "./reading/iso.ts";
import { readListings, readScan } from "./reading/scan.ts";
import { readSummaries } from "./reading/summaries.ts";
import type { RunOptions, Shell } from "./shell.ts";

export interface EsxiDriverOptions {
  readonly shell: Shell;
  readonly clock: Clock;
  /** The node's name, for messages. */
  readonly node: string;
}

/** A scan that prints nothing for so long hangs (api.md of the project: whose fault it is, the shell finds out). */
const silenceMs = 15_000;
/** Beyond its budget a scan may take so long for everything else. */
const scanGraceMs = 120_000;
/** A silent host must be found within 20 s: 15 s of silence and this. */
const fallbackMs = 4_000;
const actMs = 60_000;
const isoWaitSeconds = 5;

export function createEsxiDriver({ shell, clock, node }: EsxiDriverOptions): NodeDriver {
  /** @throws AppError HOST_UNREACHABLE, OUTPUT_DAMAGED when the connection was cut: what came until then is not looked at */
  async function runWhole(script: Script, options: RunOptions): Promise<WholeRun> {
    const startedAt = clock.now();
    const { stdout, stderr, exitCode } = await shell.run(script.text, options);
    if (exitCode === undefined) throw cutOff(node, stdout !== "");
    if (exitCode !== 0) {
      throw new AppError(
        "OUTPUT_DAMAGED",
        `${node}: the script ended with exit code ${exitCode}. The host said: ${excerpt(stderr, 500) || "nothing"}. ${ifItGoesOn}`,
      );
    }
    return { stdout, startedAt, endedAt: clock.now() };
  }

  async function scan(request: ScanRequest, { signal, onListing }: ScanOptions): Promise<HostObservation> {
    const script = createScanScript(request);
    const listingFrom = clock.now();
    let isListed = onListing === undefined;
    const onOutput = (stdout: string): void => {
      if (isListed) return;
      const listings = readListings({ stdout, nonce: script.nonce, startedAt: listingFrom, endedAt: clock.now() });
      if (listings === undefined) return;
      isListed = true;
      onListing?.(listings);
    };
    const limits = { deadlineMs: request.budgetMs + scanGraceMs, silenceMs };
    return readScan({ ...(await runWhole(script, { ...limits, signal, onOutput })), nonce: script.nonce });
  }

  /** hostd hangs: what does not need it still tells which VMs there are and which of them run. */
  async function scanWithoutHostd(cause: AppError, signal: AbortSignal | undefined): Promise<HostObservation> {
    const script = createFallbackScript();
    const run = await runWhole(script, { deadlineMs: fallbackMs, signal }).catch(() => {
      throw cause;
    });
    const seen = readScan({ ...run, nonce: script.nonce });
    return { ...seen, hostdUp: false, problems: [cause.message, ...seen.problems] };
  }

  return {
    scan: (request, options) =>
      scan(request, options).catch((error: unknown) => {
        if (isAppError(error, "HOSTD_DOWN")) return scanWithoutHostd(error, options.signal);
        throw error;
      }),

    async scanVms(vmids, { signal }) {
      if (vmids.length === 0) return [];
      const script = createReadScript(vmids);
      const limits = { deadlineMs: actMs + vmids.length * 1000, silenceMs };
      const { stdout, ...times } = await runWhole(script, { ...limits, signal, priority: "user" });
      const { sections, isDone, damaged } = splitSections(stdout, script.nonce);
      if (!isDone || damaged.length > 0)
        throw new AppError("OUTPUT_DAMAGED", `${node}: what the host sent was cut or garbled.`);
      const hostClock = Number(sections.get("clock")?.text.trim());
      return readSummaries(sections, { ...times, hostClock: Number.isSafeInteger(hostClock) ? hostClock : undefined });
    },

    listIsoImages: inTurns(async (request, { signal }) => {
      const places = isoPlaces(request);
      const script = createIsoScript(places, isoWaitSeconds);
      const deadlineMs = 30_000 + places.length * isoWaitSeconds * 1000;
      const { stdout } = await runWhole(script, { deadlineMs, signal });
      return readIsoListing(stdout, script.nonce, places);
    }),

    async configOptions({ signal }) {
      const script = createOptionsScript();
      const { stdout } = await runWhole(script, { deadlineMs: actMs, silenceMs, signal });
      const section = wholeSections({ stdout, nonce: script.nonce }).get("options");
      if (isHostdTrouble(section?.text ?? "")) throw new AppError("HOSTD_DOWN", `${node}: hostd does not answer.`);
      const options = parseConfigOptions(section?.text ?? "");
      return "ok" in options ? options.ok : undefined;
    },

    plan: plannedCommands,

    async act(request, { signal }) {
      const script = createActScript(request);
      const { stdout, startedAt } = await runWhole(script, userRun(signal));
      return readReceipt({ stdout, nonce: script.nonce, commands: plannedCommands(request), startedAt }, request);
    },

    async look(request, { signal }) {
      const script = createLookScript(request);
      const { stdout, startedAt } = await runWhole(script, userRun(signal));
      return readReport({ stdout, nonce: script.nonce, commands: [], startedAt }, request);
    },

    async fence(request, { signal }) {
      const script = createFenceScript(request.actId);
      const { stdout, startedAt } = await runWhole(script, userRun(signal));
      return readClaim({ stdout, nonce: script.nonce, startedAt }, request);
    },

    async forget(actIds, { signal }) {
      await runWhole(createForgetScript(actIds), userRun(signal));
    },

    creation: createEsxiCreation((script, signal) => runWhole(script, userRun(signal))),

    permitLogin: () => shell.permitLogin(),
    disconnect: () => shell.disconnect(),
    close: () => shell.close(),
  };
}

const ifItGoesOn =
  "It is tried again by itself; if this goes on, log in by ssh and look whether vim-cmd vmsvc/getallvms works there.";

/** A host that has printed something is there: the line is at fault, or its sshd. */
function cutOff(node: string, hasPrinted: boolean): AppError {
  if (!hasPrinted) {
    return new AppError(
      "HOST_UNREACHABLE",
      `${node}: the connection was cut before a command had printed anything. It is tried again by itself; if this goes ` +
        `on, look at the network on the way, and at /var/log/auth.log on the host.`,
    );
  }
  return new AppError(
    "OUTPUT_DAMAGED",
    `${node}: the connection was cut in the middle of what the host printed, so nothing of it was used. It is tried ` +
      `again by itself; if this goes on, look at the network on the way, and at /var/log/auth.log on the host.`,
  );
}

interface WholeRun {
  readonly stdout: string;
  /** By our clock, in ms. */
  readonly startedAt: number;
  readonly endedAt: number;
}

function userRun(signal: ReadOptions["signal"]): RunOptions {
  return { deadlineMs: actMs, silenceMs, signal, priority: "user" };
}
