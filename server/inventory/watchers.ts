/** The open subscriptions of one kind. */
import type { PullStream } from "./pull-stream.ts";
import { createPullStream } from "./pull-stream.ts";

export interface Watcher<T> {
  /** The next message, or undefined when there is nothing to tell now. What it throws ends the subscription. */
  take(): T | undefined;
}

export interface Watchers<T, W extends Watcher<T>> {
  readonly count: number;
  /** From now on `watcher` is told, until the signal is aborted or the reader returns. */
  open(watcher: W, signal: AbortSignal): AsyncIterable<T>;
  tell(note: (watcher: W) => void): void;
  close(): void;
}

export function createWatchers<T, W extends Watcher<T>>(): Watchers<T, W> {
  const streams = new Map<W, PullStream<T>>();
  return {
    get count() {
      return streams.size;
    },
    open(watcher, signal) {
      const stream = createPullStream({
        take: () => watcher.take(),
        signal,
        onEnd: () => void streams.delete(watcher),
      });
      if (!signal.aborted) streams.set(watcher, stream);
      return stream.values;
    },
    tell(note) {
      for (const [watcher, stream] of streams) {
        note(watcher);
        stream.wake();
      }
    },
    close() {
      for (const stream of streams.values()) stream.end();
    },
  };
}
