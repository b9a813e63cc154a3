/** A limit per lane: who comes when it is full waits his turn. */
export interface Lanes {
  /** Resolves with the way out of the lane; undefined when the signal was aborted before it was his turn. */
  enter(lane: string, signal: AbortSignal): Promise<(() => void) | undefined>;
}

export function createLanes(places: number): Lanes {
  const taken = new Map<string, number>();
  const waiting = new Map<string, Set<() => void>>();

  function queueOf(lane: string): Set<() => void> {
    const queue = waiting.get(lane) ?? new Set();
    waiting.set(lane, queue);
    return queue;
  }

  function leave(lane: string): void {
    const next = queueOf(lane).values().next().value;
    if (next !== undefined) return next();
    taken.set(lane, (taken.get(lane) ?? 1) - 1);
  }

  function wait(lane: string, signal: AbortSignal): Promise<boolean> {
    const queue = queueOf(lane);
    return new Promise((resolve) => {
      const stepUp = () => finish(true);
      const giveUp = () => finish(false);
      function finish(entered: boolean): void {
        queue.delete(stepUp);
        signal.removeEventListener("abort", giveUp);
        resolve(entered);
      }
      queue.add(stepUp);
      signal.addEventListener("abort", giveUp, { once: true });
    });
  }

  return {
    async enter(lane, signal) {
      if (signal.aborted) return undefined;
      const used = taken.get(lane) ?? 0;
      if (used < places) taken.set(lane, used + 1);
      else if (!(await wait(lane, signal))) return undefined;
      let inside = true;
      return () => {
        if (inside) leave(lane);
        inside = false;
      };
    },
  };
}
