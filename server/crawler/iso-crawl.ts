/** The rare listing of ISO images: in an exec of its own, so that a dead NFS mount can't take the scans with it. */
import type { Clock } from "../clock.ts";
import { toAppError } from "../errors.ts";
import type { FleetNode } from "../fleet.ts";
import type { Log } from "../log.ts";
import type { Ledger } from "./ledger.ts";
import { isOfOurs } from "./node-status.ts";
import { createRareJob, type RareJob } from "./rare-job.ts";
import { keptOr } from "./records.ts";
import { planIsoListing, withIsoImages } from "./scan-plan.ts";

export interface RareCrawlOptions {
  readonly member: FleetNode;
  readonly ledger: Ledger;
  readonly everyMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

export function createIsoCrawl({ member, ledger, everyMs, clock, log }: RareCrawlOptions): RareJob {
  const { config, driver } = member;

  async function list(signal: AbortSignal): Promise<void> {
    const request = planIsoListing(ledger.memory, config.defaults);
    if (request === undefined) return;
    try {
      const listing = await driver.listIsoImages(request, { signal });
      await ledger.update((memory) => ({ ...memory, node: keptOr(memory.node, withIsoImages(memory.node, listing)) }));
      if (listing.silent.length > 0)
        log.warn({ node: config.name, silent: listing.silent }, "Folders of ISO images did not answer in time.");
    } catch (thrown) {
      const error = toAppError(thrown);
      const { code, message } = error;
      if (!signal.aborted && !isOfOurs(error))
        log.warn({ node: config.name, code, err: thrown }, `ISO images could not be listed: ${message}`);
    }
  }

  return createRareJob({ run: list, everyMs, clock });
}
