/** The live streams of subscriptions: counted, and ended politely when the server closes or their reader signs out. */
export interface Streams {
  /** Room for one more connection that streams; `leave` gives it back. Undefined: full. */
  enter(): (() => void) | undefined;
  /** The same results, until `endAll` or what is waited for: then they end as if the source had ended. */
  track<T>(results: AsyncIterable<T>, waitFor?: WaitForEnd): AsyncIterableIterator<T>;
  endAll(): void;
}

/** Calls `end` when a stream must end. Answers how not to wait for that any more. */
export type WaitForEnd = (end: () => void) => () => void;

export function createStreams(capacity: number): Streams {
  const open = new Set<Pick<Endable<unknown>, "end">>();
  let entered = 0;
  let closed = false;

  return {
    enter() {
      if (closed || entered >= capacity) return undefined;
      entered += 1;
      let left = false;
      return () => {
        if (!left) entered -= 1;
        left = true;
      };
    },
    track(results, waitFor) {
      const source = endable(results[Symbol.asyncIterator]());
      open.add(source);
      const stopWaiting = waitFor?.(() => source.end());
      const forget = (): void => {
        open.delete(source);
        stopWaiting?.();
      };
      if (closed) source.end();
      return {
        async next() {
          const result = await source.next();
          if (result.done) forget();
          return result;
        },
        async return() {
          forget();
          source.end();
          return { done: true, value: undefined };
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
    endAll() {
      closed = true;
      for (const source of open) source.end();
      open.clear();
    },
  };
}

interface Endable<T> {
  next(): Promise<IteratorResult<T>>;
  /** Whoever waits is told at once that it is over. */
  end(): void;
}

/** Not by a race with one promise of the end: that would hold every result for as long as the stream lives. */
function endable<T>(source: AsyncIterator<T>): Endable<T> {
  const waiting = new Set<() => void>();
  let hasEnded = false;
  return {
    next() {
      if (hasEnded) return Promise.resolve({ done: true, value: undefined });
      const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<T>>();
      const stopWaiting = (): void => resolve({ done: true, value: undefined });
      waiting.add(stopWaiting);
      source.next().then(resolve, reject);
      return promise.finally(() => waiting.delete(stopWaiting));
    },
    end() {
      if (hasEnded) return;
      hasEnded = true;
      for (const stopWaiting of waiting) stopWaiting();
      // The source may be a generator in mid-wait: its return settles when it pleases, nobody waits for that.
      void source.return?.()?.catch(() => undefined);
    },
  };
}
