/** What only one page shows, read by that page: what was read stays while it is read again. */
import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import { ApiFailure } from "../api/failure.ts";

export interface Reading<Value> {
  readonly value: Accessor<Value | undefined>;
  /** Why the last reading failed; undefined while all is well. */
  readonly failure: Accessor<string | undefined>;
}

/** Reads whenever `key` changes; undefined: nothing is to be read. A reading that is overtaken is dropped. */
export function createReading<Key, Value>(
  key: Accessor<Key | undefined>,
  read: (key: Key) => Promise<Value>,
): Reading<Value> {
  const [value, setValue] = createSignal<Value>();
  const [failure, setFailure] = createSignal<string>();

  async function take(wanted: Key, isOvertaken: () => boolean): Promise<void> {
    try {
      const answer = await read(wanted);
      if (isOvertaken()) return;
      setValue(() => answer);
      setFailure(undefined);
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      if (!isOvertaken()) setFailure(error.message);
    }
  }

  createEffect(
    on(key, (wanted) => {
      if (wanted === undefined) return;
      let isOver = false;
      onCleanup(() => {
        isOver = true;
      });
      void take(wanted, () => isOver);
    }),
  );
  return { value, failure };
}
