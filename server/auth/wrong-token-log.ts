import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";

/**
 * Tells the log of wrong tokens, never the token itself: the first at once, the others counted, one line a minute. They
 * are not limited where programs present them: whoever sent many would shut out all others behind the same proxy.
 */
export function createWrongTokenLog(log: Log, clock: Clock): (address: string | undefined) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  let untold = 0;
  return (address) => {
    untold += 1;
    if (clock.now() - toldAt < 60_000) return;
    log.warn(
      { address, count: untold },
      "Wrong tokens were presented to the API; `address` is where the last came from",
    );
    toldAt = clock.now();
    untold = 0;
  };
}
