/**
 * Sessions of browsers: what the sign-in page gets for the token. A session is a signed text that the browser keeps, so
 * it outlives a restart and holds on every server with the same token; with another token all are void.
 */
import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { Secret } from "../config.ts";

export interface Session {
  /** Stays the same when the session is prolonged. */
  readonly id: string;
  /** ms since 1970. */
  readonly signedInAt: number;
  /** ms since 1970; where it was prolonged since, the later end. */
  readonly expiresAt: number;
}

/** A session as the browser is to keep it. */
export interface Issued {
  readonly text: string;
  readonly session: Session;
  /** Whole seconds. */
  readonly lastsSeconds: number;
}

export interface Sessions {
  open(): Issued;
  /** The session of a text; undefined: not signed by us, expired, or signed out. Anything may be given. */
  read(text: unknown): Session | undefined;
  /** Makes a used session last longer; undefined: not worth it yet, or not possible any more. */
  prolong(session: Session): Issued | undefined;
  /** Signs out: its texts are void and its streams end. At a restart that is forgotten; the browser has lost its cookie. */
  close(session: Session): void;
  /** Calls `end` once when the session is closed or expires. Answers how not to wait for that any more. */
  whenOver(session: Session, end: () => void): () => void;
}

const minute = 60_000;
const hour = 60 * minute;
/** So long a session lasts without being used. */
export const idleMs = 12 * hour;
/** So long at most, however much it is used. */
export const longestMs = 7 * 24 * hour;
/** A text younger than this is not replaced. */
const freshMs = 10 * minute;

const form = /^([\w-]{22})\.(\d{13})\.(\d{13})\.([\w-]{43})$/;

interface Watch {
  expiresAt: number;
  readonly enders: Set<() => void>;
  readonly stop: AbortController;
}

export function createSessions(token: Secret, clock: Clock): Sessions {
  const key = Buffer.from(hkdfSync("sha256", token.reveal(), "", "ECoMan session 1", 32));
  /** id → when the last of its texts is void anyway. */
  const closed = new Map<string, number>();
  /** Sessions with live streams. */
  const watches = new Map<string, Watch>();

  function textOf({ id, signedInAt, expiresAt }: Session): string {
    const signed = `${id}.${signedInAt}.${expiresAt}`;
    return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
  }

  function issue(id: string, signedInAt: number): Issued {
    const now = clock.now();
    const session = { id, signedInAt, expiresAt: Math.min(now + idleMs, signedInAt + longestMs) };
    return { session, text: textOf(session), lastsSeconds: Math.floor((session.expiresAt - now) / 1000) };
  }

  function isOver({ id, expiresAt }: Session): boolean {
    return closed.has(id) || expiresAt <= clock.now();
  }

  function read(text: unknown): Session | undefined {
    const [, id = "", signedInAt, expiresAt] = (typeof text === "string" && form.exec(text)) || [];
    const session = { id, signedInAt: Number(signedInAt), expiresAt: Number(expiresAt) };
    // All of the text is compared: its form fixes the length, and no second spelling of the signature passes.
    if (id === "" || !timingSafeEqual(Buffer.from(String(text)), Buffer.from(textOf(session)))) return undefined;
    // A socket keeps the text that it was opened with, while the browser has a later one.
    const latest = { ...session, expiresAt: Math.max(session.expiresAt, watches.get(id)?.expiresAt ?? 0) };
    return isOver(latest) ? undefined : latest;
  }

  function watch({ id, expiresAt }: Session): Watch {
    const known = watches.get(id);
    if (known !== undefined) {
      // Another server may have prolonged it.
      known.expiresAt = Math.max(known.expiresAt, expiresAt);
      return known;
    }
    const made: Watch = { expiresAt, enders: new Set(), stop: new AbortController() };
    watches.set(id, made);
    void endInTime(id, made);
    return made;
  }

  async function endInTime(id: string, watched: Watch): Promise<void> {
    while (!watched.stop.signal.aborted) {
      const left = watched.expiresAt - clock.now();
      if (left <= 0) return endAll(id);
      await clock.sleep(left, watched.stop.signal);
    }
  }

  function endAll(id: string): void {
    const ended = watches.get(id);
    watches.delete(id);
    ended?.stop.abort();
    for (const end of ended?.enders ?? []) end();
  }

  return {
    open: () => issue(randomBytes(16).toString("base64url"), clock.now()),
    read,
    prolong({ id, signedInAt, expiresAt }) {
      const issued = issue(id, signedInAt);
      if (closed.has(id) || issued.session.expiresAt - expiresAt < freshMs) return undefined;
      const watched = watches.get(id);
      if (watched !== undefined) watched.expiresAt = issued.session.expiresAt;
      return issued;
    },
    close({ id }) {
      const now = clock.now();
      for (const [one, voidAt] of closed) if (voidAt <= now) closed.delete(one);
      closed.set(id, now + idleMs);
      endAll(id);
    },
    whenOver(session, end) {
      if (isOver(session)) {
        queueMicrotask(end);
        return () => undefined;
      }
      const { enders, stop } = watch(session);
      enders.add(end);
      return () => {
        enders.delete(end);
        if (enders.size > 0 || watches.get(session.id)?.enders !== enders) return;
        watches.delete(session.id);
        stop.abort();
      };
    },
  };
}
