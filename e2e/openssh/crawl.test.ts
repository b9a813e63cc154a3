/** The whole server over OpenSSH with busybox ash, on a host as big and as slow as real ones are. */
import { describe, expect, it } from "vitest";
import { slowHost, slowHostIntervalSeconds, slowHostVms } from "../soak/slow-host.ts";
import { nameWithReason, whatIsMissing } from "./missing.ts";

const seed = Number(process.env["SEED"] ?? 3);

/**
 * Summaries may take half the interval, counted in whole seconds, so a second less at worst; two at a time, and a busy test
 * machine may need twice the 300 ms for each pair. One interval more, because a round begins in the middle of one.
 */
const leastPerScan = 2 * Math.floor((slowHostIntervalSeconds / 2 - 1) / 0.6);
const roundSeconds = (Math.ceil(slowHostVms / leastPerScan) + 1) * slowHostIntervalSeconds;

describe.skipIf(whatIsMissing() !== undefined)(nameWithReason("100 VMs, 300 ms a vim-cmd, every 10 s"), () => {
  it(`sees power changes within two intervals, reads all in turn, acts at once (SEED=${seed})`, async ({
    annotate,
  }) => {
    const figures = await slowHost.run({ seed, rounds: 12 });
    await annotate(JSON.stringify(figures));
    expect(Number(figures["changeSeenMsMax"])).toBeLessThanOrEqual(2 * slowHostIntervalSeconds * 1000);
    expect(Number(figures["roundSeconds"])).toBeLessThanOrEqual(roundSeconds);
    expect(Number(figures["actionStartMsMedian"])).toBeLessThanOrEqual(1000);
    // Nothing like the rest of the scan, which takes seconds; one may be late on a busy test machine.
    expect(Number(figures["actionStartMsMax"])).toBeLessThanOrEqual(2500);
    expect(figures["actionsWhileTheScanWentOn"]).toBe(figures["actions"]);
  }, 240_000);
});
