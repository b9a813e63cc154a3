import type { WhenSignedOut } from "../auth/access.ts";
import type { Viewer } from "../auth/viewer.ts";

export interface Line {
  readonly viewer: Viewer;
  /** Ends it in the terms of its protocol; nothing where what it carries ends it. */
  readonly close?: () => void;
  readonly cut: () => void;
}

const patienceMs = 1_000;

/**
 * Ends a connection with its viewer's session: politely, and by force where the other side takes no notice. Answers how
 * to let go of it.
 */
export function cutWhenSignedOut(whenSignedOut: WhenSignedOut, { viewer, close, cut }: Line): () => void {
  let timer: NodeJS.Timeout | undefined;
  const stop = whenSignedOut(viewer, () => {
    close?.();
    timer = setTimeout(cut, patienceMs);
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}
