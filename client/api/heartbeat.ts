/** Finds a dead line by asking: a socket that nobody closed says nothing for minutes. */

export interface HeartbeatOptions {
  /** No answer so far: what is shown may be old. */
  readonly onSilent: () => void;
  /** An answer after all. */
  readonly onHeard: () => void;
  /** So long without an answer that the line is given up. */
  readonly onDead: () => void;
}

/** Together with `pingEveryMs` less than 2 s: so soon a loss is on the screen. */
const silentAfterMs = 900;
const deadAfterMs = 5_000;
export const pingEveryMs = 800;
/** A timer this late tells of a busy or sleeping page: answers may be waiting behind it. */
const lateMs = 250;

export interface Heartbeat {
  /** A ping was sent. */
  asked(): void;
  /** Anything arrived. */
  heard(): void;
  /** The line is gone or was closed on purpose. */
  stop(): void;
}

export function createHeartbeat({ onSilent, onHeard, onDead }: HeartbeatOptions): Heartbeat {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isSilent = false;

  function wait(ms: number, then: () => void): void {
    const due = Date.now() + ms;
    clearTimeout(timer);
    timer = setTimeout(() => (Date.now() - due > lateMs ? wait(silentAfterMs, then) : then()), ms);
  }

  function silent(): void {
    isSilent = true;
    onSilent();
    wait(deadAfterMs - silentAfterMs, onDead);
  }

  return {
    asked: () => wait(silentAfterMs, silent),
    heard() {
      clearTimeout(timer);
      if (!isSilent) return;
      isSilent = false;
      onHeard();
    },
    stop() {
      clearTimeout(timer);
      isSilent = false;
    },
  };
}
