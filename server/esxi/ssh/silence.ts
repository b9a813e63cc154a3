/** Notices when a run says nothing for too long. */

export interface SilenceWatch {
  /** Something came. */
  heard(): void;
  stop(): void;
}

/** Calls `onSilence` once when nothing was heard for `silenceMs`; never where that is undefined. */
export function watchSilence(silenceMs: number | undefined, onSilence: () => void): SilenceWatch {
  if (silenceMs === undefined) return { heard: () => undefined, stop: () => undefined };
  let last = performance.now();
  let timer = setTimeout(check, silenceMs);

  // A timer that looks at the time of the last byte costs less than one that is set anew at each byte.
  function check(): void {
    const left = last + (silenceMs ?? 0) - performance.now();
    if (left <= 0) onSilence();
    else timer = setTimeout(check, Math.ceil(left));
  }
  return {
    heard: () => {
      last = performance.now();
    },
    stop: () => clearTimeout(timer),
  };
}
