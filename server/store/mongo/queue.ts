/** One thing after the other; what is urgent goes before what waits. */
export interface Queue {
  /** Settles as `work` does. `isUrgent`: default false. */
  add<T>(work: () => Promise<T>, isUrgent?: boolean): Promise<T>;
  /** Resolves when nothing waits or is under way any more. */
  end(): Promise<void>;
}

export function createQueue(): Queue {
  const urgent: (() => Promise<void>)[] = [];
  const usual: (() => Promise<void>)[] = [];
  const enders: (() => void)[] = [];
  let isBusy = false;

  function goOn(): void {
    if (isBusy) return;
    const next = urgent.shift() ?? usual.shift();
    if (next === undefined) {
      for (const end of enders.splice(0)) end();
      return;
    }
    isBusy = true;
    void next().finally(() => {
      isBusy = false;
      goOn();
    });
  }

  return {
    add: (work, isUrgent = false) =>
      new Promise((resolve, reject) => {
        // Whatever it throws, and be it at once: the next one must get its turn.
        (isUrgent ? urgent : usual).push(() => Promise.resolve().then(work).then(resolve, reject));
        goOn();
      }),
    end: () =>
      new Promise((resolve) => {
        enders.push(resolve);
        goOn();
      }),
  };
}
