/**
 * Keeps an account from being locked: after a refused login nothing is sent to that host again until its credentials
 * change or a person asks, and a person's asking counts only 15 minutes after the last refusal. ESXi locks an account
 * for 15 minutes after 5 failed logins, some hardened ones after 3.
 */
import type { Clock } from "../../clock.ts";
import { timestampOf } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { NodeName, Timestamp } from "../../model.ts";

export interface LoginRefusal {
  readonly at: Timestamp;
  /** Of the credentials that were refused: others may try at once. */
  readonly credentialsHash: string;
}

/** Port: one node's refusal, kept over restarts and shared by all servers of a store. */
export interface LoginRefusals {
  read(): Promise<LoginRefusal | undefined>;
  /** Resolves when it is durable. `undefined` clears it. */
  write(refusal: LoginRefusal | undefined): Promise<void>;
}

export interface LoginGate {
  /** @throws AppError AUTH_FAILED while these credentials count as refused */
  admit(credentialsHash: string): Promise<LoginAttempt>;
  /**
   * A person asks for another login: permits exactly one. Harmless when nothing was refused.
   * @throws AppError AUTH_FAILED within 15 minutes of the last refusal, with the time left
   */
  permitLogin(): Promise<void>;
}

/** One connection's login, from admission to its end. A connection that sent no credential calls none of these. */
export interface LoginAttempt {
  /**
   * Call before a credential is sent. `lockable`: failing may lock the account (a password, not a key); it counts as
   * refused from here on until it is accepted, so that not even a crash while the answer is awaited tries twice.
   */
  sending(lockable: boolean): Promise<void>;
  accepted(): Promise<void>;
  refused(): Promise<void>;
}

export interface LoginGateOptions {
  readonly node: NodeName;
  readonly refusals: LoginRefusals;
  readonly clock: Clock;
}

const patienceMs = 15 * 60_000;

export function createLoginGate({ node, refusals, clock }: LoginGateOptions): LoginGate {
  let permitted = false;

  return {
    async admit(credentialsHash) {
      const refusal = await refusals.read();
      const held = refusal?.credentialsHash === credentialsHash && !permitted;
      if (held) throw loginHeld(node, refusal);
      return createAttempt(credentialsHash, refusal !== undefined);
    },
    async permitLogin() {
      const refusal = await refusals.read();
      if (refusal === undefined) return;
      const age = Math.max(0, clock.now() - Date.parse(refusal.at));
      if (age < patienceMs) throw tooSoon(node, refusal, patienceMs - age);
      permitted = true;
    },
  };

  function createAttempt(credentialsHash: string, onRecord: boolean): LoginAttempt {
    let recorded = onRecord;
    const record = async (): Promise<void> => {
      recorded = true;
      await refusals.write({ at: timestampOf(clock.now()), credentialsHash });
    };
    return {
      async sending(lockable) {
        permitted = false;
        if (lockable) await record();
      },
      refused: record,
      async accepted() {
        if (recorded) await refusals.write(undefined);
        recorded = false;
      },
    };
  }
}

function loginHeld(node: NodeName, refusal: LoginRefusal): AppError {
  return new AppError(
    "AUTH_FAILED",
    `Node "${node}" did not accept the login at ${refusal.at}. ECoMan does not try the same credentials again by itself, ` +
      `because ESXi locks an account after a few failed logins. Correct user, key or password in hosts.yml; if the ` +
      `fault was the host's, refresh the node (refreshNode), 15 minutes after that login at the earliest.`,
  );
}

function tooSoon(node: NodeName, refusal: LoginRefusal, leftMs: number): AppError {
  const minutes = Math.ceil(leftMs / 60_000);
  return new AppError(
    "AUTH_FAILED",
    `Node "${node}" did not accept the login at ${refusal.at}. Another one may be asked for in ${minutes} min: before ` +
      `that a few clicks would lock the account on the host. Other credentials in hosts.yml are tried at once.`,
  );
}
