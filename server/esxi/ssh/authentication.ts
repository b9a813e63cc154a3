/**
 * How we log in: ask with `none` which methods the host takes, then use exactly one that both sides have. ESXi locks an
 * account after a few failed logins, and every method that is offered and refused counts as one.
 */
import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware, NextAuthHandler } from "ssh2";
import type { Login } from "./login.ts";

export type LoginMethod = "publickey" | "keyboard-interactive" | "password";

export type LoginFailure =
  /** The host said no to what was sent. */
  | { readonly kind: "refused"; readonly method: LoginMethod; readonly offered: readonly string[] }
  /** The host took it and wants another proof as well. */
  | { readonly kind: "wants-more"; readonly method: LoginMethod; readonly offered: readonly string[] }
  /** Nothing that both sides have, or the host takes no signature that our key can make: nothing was sent. */
  | { readonly kind: "nothing-in-common"; readonly offered: readonly string[] }
  /** `beforeSending` failed. */
  | { readonly kind: "not-sent"; readonly error: unknown };

export interface LoginEvents {
  /** Called before a credential is sent, which waits for it. */
  beforeSending(method: LoginMethod): Promise<void>;
  /** Called once; nothing more is sent. */
  failed(failure: LoginFailure): void;
}

/** A key before a password, keyboard-interactive before password (from 8.0.1 on it is what carries passwords). */
export function chooseMethod(login: Login, offered: readonly string[]): LoginMethod | undefined {
  if (login.key !== undefined && offered.includes("publickey")) return "publickey";
  if (login.password === undefined) return undefined;
  if (offered.includes("keyboard-interactive")) return "keyboard-interactive";
  return offered.includes("password") ? "password" : undefined;
}

/** For one connection: ssh2 calls it at first, and again after each answer of the host that is not yes. */
export function createAuthHandler(login: Login, events: LoginEvents): AuthHandlerMiddleware {
  let sent: { readonly method: LoginMethod; readonly offered: readonly string[] } | undefined;
  return (offered: AuthenticationType[] | null, partialSuccess, next) => {
    if (offered === null) return next({ type: "none", username: login.username });
    if (sent !== undefined) {
      // ssh2 calls again with the very same list when it skipped a key for want of a signature algorithm.
      if (sent.offered === offered) return events.failed({ kind: "nothing-in-common", offered });
      return events.failed({ kind: partialSuccess ? "wants-more" : "refused", method: sent.method, offered });
    }
    const method = chooseMethod(login, offered);
    if (method === undefined) return events.failed({ kind: "nothing-in-common", offered });
    sent = { method, offered };
    void send(method, next);
  };

  async function send(method: LoginMethod, next: NextAuthHandler): Promise<void> {
    try {
      await events.beforeSending(method);
    } catch (error) {
      return events.failed({ kind: "not-sent", error });
    }
    next(credentialFor(method));
  }

  function credentialFor(method: LoginMethod): AnyAuthMethod {
    const { username, key } = login;
    if (method === "publickey" && key !== undefined) return { type: "publickey", username, key };
    const password = login.password?.reveal() ?? "";
    if (method === "password") return { type: "password", username, password };
    return { type: "keyboard-interactive", username, prompt: answerOnce(password) };
  }

  /** The password for the one hidden question. To be asked again is a refusal; any other answer would be a second try. */
  function answerOnce(password: string): KeyboardInteractive["prompt"] {
    let answered = false;
    return (...[, , , prompts, finish]) => {
      const asksForPassword = prompts.length === 1 && prompts[0]?.echo !== true;
      const failure = { method: "keyboard-interactive", offered: sent?.offered ?? [] } as const;
      if (answered) return events.failed({ kind: "refused", ...failure });
      if (!asksForPassword) return events.failed({ kind: "wants-more", ...failure });
      answered = true;
      finish([password]);
    };
  }
}

type KeyboardInteractive = Extract<AnyAuthMethod, { prompt: unknown }>;
