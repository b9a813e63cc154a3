/**
 * The sides of a real pipeline run at the same time. just-bash runs them one after the other, so each later side gets the time
 * that has passed since the pipeline's start as a credit, which its slow commands take before they wait.
 */
export interface PipeClock {
  start(): void;
  /** The next side begins; `isLast` ends the pipeline. */
  next(isLast: boolean): void;
  /** Takes up to `ms` of the credit; returns what it got. */
  readonly take: (ms: number) => number;
}

export function createPipeClock(): PipeClock {
  const starts: number[] = [];
  let credit = 0;
  return {
    start: () => {
      credit = 0;
      starts.push(performance.now());
    },
    next: (isLast) => {
      credit = performance.now() - (starts.at(-1) ?? performance.now());
      if (isLast) starts.pop();
    },
    take: (ms) => {
      const taken = Math.min(ms, credit);
      credit -= taken;
      return taken;
    },
  };
}
