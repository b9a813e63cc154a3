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
      const ending = Promise.withResolvers<{ done: true; value: undefined }>();
      const end = (): void => {
        endings.delete(end);
        ending.resolve({ done: true, value: undefined });
        // The source may be a generator in mid-wait: its return settles when it pleases, nobody waits for that.
        void source.return?.()?.catch(() => undefined);
      };
      endings.add(end);
      if (closed) end();
      return {
        async next() {
          const result = await Promise.race([source.next(), ending.promise]);
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
