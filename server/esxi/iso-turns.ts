/**
 * Listings of ISO images, none of a place while another of it is under way: on the host they would share one job, and who
 * comes second would wait for what the first has taken away (commands/iso-script.ts). Who asks meanwhile gets the next
 * listing, which begins after all of them asked.
 */
import type { IsoListing, IsoRequest, ReadOptions } from "./driver.ts";

type List = (request: IsoRequest, options: ReadOptions) => Promise<IsoListing>;

export function inTurns(list: List): List {
  /** Place → the last listing of it that was asked for. */
  const last = new Map<string, Promise<unknown>>();
  /** Not begun yet, by what is asked for. */
  const waiting = new Map<string, Promise<IsoListing>>();

  function queue(request: IsoRequest, options: ReadOptions, isBegun: () => void): Promise<IsoListing> {
    const places = [...request.folders, ...request.mountPoints.map((mountPoint) => `under ${mountPoint}`)];
    const ahead = Promise.allSettled(places.flatMap((place) => last.get(place) ?? []));
    const listing = ahead.then(() => {
      isBegun();
      return list(request, options);
    });
    const over = listing.catch(() => undefined).then(forget);
    function forget(): void {
      for (const place of places) if (last.get(place) === over) last.delete(place);
    }
    for (const place of places) last.set(place, over);
    return listing;
  }

  return (request, options) => {
    // Who may call it off has one of his own.
    if (options.signal !== undefined) return queue(request, options, () => undefined);
    const key = JSON.stringify([request.folders, request.mountPoints]);
    const shared = waiting.get(key) ?? queue(request, options, () => waiting.delete(key));
    waiting.set(key, shared);
    return shared;
  };
}
