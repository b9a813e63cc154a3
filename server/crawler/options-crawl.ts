/** The rare question which virtual hardware and which guests a host knows. It changes with the host's release alone. */
import { toAppError } from "../errors.ts";
import type { RareCrawlOptions } from "./iso-crawl.ts";
import { isOfOurs } from "./node-status.ts";
import { createRareJob, type RareJob } from "./rare-job.ts";
import { keptOr } from "./records.ts";

export function createOptionsCrawl({ member, ledger, everyMs, clock, log }: RareCrawlOptions): RareJob {
  const { config, driver } = member;
  /** The release that was asked, whatever it answered. */
  let asked: string | undefined;

  async function ask(signal: AbortSignal): Promise<void> {
    const { version, build } = ledger.memory.node;
    const release = `${version} ${build}`;
    if (version === null || asked === release) return;
    try {
      const options = await driver.configOptions({ signal });
      asked = release;
      if (options === undefined)
        log.info({ node: config.name }, "The host does not tell which guests it knows; a list kept here serves.");
      else await ledger.update((memory) => ({ ...memory, node: keptOr(memory.node, { ...memory.node, ...options }) }));
    } catch (thrown) {
      const error = toAppError(thrown);
      const { code, message } = error;
      if (!signal.aborted && !isOfOurs(error))
        log.warn({ node: config.name, code }, `Which guests the host knows could not be asked: ${message}`);
    }
  }

  return createRareJob({ run: ask, everyMs, clock });
}
