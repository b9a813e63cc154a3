/** The live streams of subscriptions: counted, and ended politely when the server closes. */
export interface Streams {
  /** Room for one more connection that streams; `leave` gives it back. Undefined: full. */
  enter(): (() => void) | undefined;
  /** The same results, until `endAll`: then they end as if the source had ended. */
  track<T>(results: AsyncIterable<T>): AsyncIterableIterator<T>;
  endAll(): void;
}

export function createStreams(capacity: number): Streams {
  const endings = new Set<() => void>();
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
    track(results) {
      const source = results[Symbol.asyncIterator]();
      const waiting = new Set<() => void>();
      let hasEnded = false;
      const end = (): void => {
        hasEnded = true;
        endings.delete(end);
        for (const stopWaiting of waiting) stopWaiting();
        // The source may be a generator in mid-wait: its return settles when it pleases, nobody waits for that.
        void source.return?.()?.catch(() => undefined);
      };
      endings.add(end);
      if (closed) end();

      /** Not a race with one promise of the end: that would keep every result for as long as the stream lives. */
      async function nextOrEnd(): Promise<IteratorResult<T>> {
        const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<T>>();
        const stopWaiting = (): void => resolve({ done: true, value: undefined });
        waiting.add(stopWaiting);
        source.next().then(resolve, reject);
        return promise.finally(() => waiting.delete(stopWaiting));
      }

      return {
        async next() {
          if (hasEnded) return { done: true, value: undefined };
          const result = await nextOrEnd();
          if (result.done) endings.delete(end);
          return result;
        },
        async return() {
          end();
          return { done: true, value: undefined };
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
    endAll() {
      closed = true;
      for (const end of endings) end();
    },
  };
}
