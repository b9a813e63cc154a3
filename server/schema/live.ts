/**
 * An iterable whose `return` ends its source at once: the port's iterables end by signal, and a generator's own
 * `return` would wait for the next event first.
 */
export function live<T>(watch: (signal: AbortSignal) => AsyncIterable<T>): AsyncIterableIterator<T> {
  const stop = new AbortController();
  const source = watch(stop.signal)[Symbol.asyncIterator]();
  return {
    next: () => source.next(),
    async return() {
      stop.abort();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
