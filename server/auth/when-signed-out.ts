import type { Sessions } from "./sessions.ts";
import type { Viewer } from "./viewer.ts";

/**
 * For what lives longer than a request: `end` is called once when the viewer's session is over. Answers how not to wait
 * for that any more. The rights of those without a session don't end.
 */
export type WhenSignedOut = (viewer: Viewer, end: () => void) => () => void;

export function createWhenSignedOut(sessions: Sessions | undefined): WhenSignedOut {
  return ({ session }, end) => {
    if (sessions === undefined || session === undefined) return () => undefined;
    return sessions.whenOver(session, end);
  };
}

/** The same for a line that is closed politely first: whoever does not go then is cut off by `cut`. */
export function cutWhenSignedOut(
  whenSignedOut: WhenSignedOut,
  viewer: Viewer,
  { close, cut }: { readonly close?: () => void; readonly cut: () => void },
): () => void {
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

const patienceMs = 1_000;
