/** An async iterable that makes each value only when the reader is there to take it, so that nothing queues up. */

export interface PullStreamOptions<T> {
  /** The next value, or undefined when there is none now. What it throws ends the stream. */
  readonly take: () => T | undefined;
  readonly signal: AbortSignal;
  /** Called once, when the stream has ended in whatever way. */
  readonly onEnd: () => void;
}

export interface PullStream<T> {
  readonly values: AsyncIterableIterator<T>;
  /** There may be a value now. */
  wake(): void;
  end(): void;
}

interface Reader<T> {
  resolve(result: IteratorResult<T>): void;
  reject(reason: unknown): void;
}

export function createPullStream<T>({ take, signal, onEnd }: PullStreamOptions<T>): PullStream<T> {
  const readers: Reader<T>[] = [];
  let hasEnded = false;

  function end(): void {
    if (hasEnded) return;
    hasEnded = true;
    signal.removeEventListener("abort", end);
    onEnd();
    for (const reader of readers.splice(0)) reader.resolve({ done: true, value: undefined });
  }

  function serve(): void {
    while (readers.length > 0 && !hasEnded) {
      try {
        const value = take();
        if (value === undefined) return;
        readers.shift()?.resolve({ done: false, value });
      } catch (thrown) {
        readers.shift()?.reject(thrown);
        end();
      }
    }
  }

  const values: AsyncIterableIterator<T> = {
    [Symbol.asyncIterator]: () => values,
    next: () =>
      new Promise((resolve, reject) => {
        if (hasEnded) {
          resolve({ done: true, value: undefined });
          return;
        }
        readers.push({ resolve, reject });
        serve();
      }),
    // Not a generator: its `return` would wait for the value that a pending `next` waits for.
    return: async () => {
      end();
      return { done: true, value: undefined };
    },
  };

  signal.addEventListener("abort", end);
  if (signal.aborted) end();
  return { values, wake: serve, end };
}
