import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { createStreams } from "./streams.ts";

interface Result {
  readonly number: number;
}

async function* results(count: number): AsyncGenerator<Result> {
  for (let number = 0; number < count; number += 1) yield { number };
}

async function* silence(): AsyncGenerator<Result> {
  await new Promise(() => undefined);
  yield { number: 0 };
}

test("a stream gives what its source gives, and ends with it", async () => {
  const seen: number[] = [];
  for await (const { number } of createStreams(1).track(results(3))) seen.push(number);
  expect(seen).toEqual([0, 1, 2]);
});

test("what was sent is not kept for as long as the stream lives", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const stream = createStreams(1).track(results(100));
  const sent: WeakRef<Result>[] = [];
  for (let taken = 0; taken < 100; taken += 1) sent.push(new WeakRef((await stream.next()).value as Result));
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  expect(sent.filter((result) => result.deref() !== undefined).length).toBeLessThan(5);
  expect(await stream.next()).toEqual({ done: true, value: undefined });
});

test("whoever waits when the server closes is told at once, and whoever comes later too", async () => {
  const streams = createStreams(1);
  const waiting = streams.track(silence()).next();
  streams.endAll();
  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(await streams.track(silence()).next()).toEqual({ done: true, value: undefined });
});

test("a source that fails ends its stream with that failure", async () => {
  const broken: AsyncIterable<Result> = {
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error("torn")) }),
  };
  await expect(createStreams(1).track(broken).next()).rejects.toThrow("torn");
});
