/**
 * Who may log in, as an ESXi 8 host judges: root by RSA (rsa-sha2) or ECDSA key, or by password through keyboard-interactive.
 * ed25519 keys and SHA-1 signatures are refused. Failed passwords lock root for a while; keys are still refused then.
 */
import type { AuthContext, KeyboardAuthContext, ParsedKey, PublicKeyAuthContext } from "ssh2";

export interface LoginRules {
  readonly password: string;
  readonly authorized: readonly ParsedKey[];
  /** `password` is offered beside keyboard-interactive: releases before 8. */
  readonly offersPassword: boolean;
  /** 0 never locks. */
  readonly lockoutFailures: number;
  readonly lockoutMs: number;
}

export interface LoginJudge {
  /** `refuseAll`: a fault. */
  readonly judge: (context: AuthContext, refuseAll: boolean) => void;
  /** Forgets failures. */
  readonly unlock: () => void;
  readonly accepted: () => number;
  readonly refused: () => number;
}

export function createLoginJudge(rules: LoginRules): LoginJudge {
  let failures = 0;
  let lockedUntil = 0;
  let accepted = 0;
  let refused = 0;
  const methods = ["publickey", "keyboard-interactive", ...(rules.offersPassword ? ["password"] : [])];
  const isLocked = (): boolean => Date.now() < lockedUntil;

  const accept = (context: AuthContext): void => {
    failures = 0;
    accepted += 1;
    context.accept();
  };
  const refuse = (context: AuthContext): void => {
    refused += 1;
    context.reject(methods as never);
  };
  const refusePassword = (context: AuthContext): void => {
    failures += 1;
    if (rules.lockoutFailures > 0 && failures >= rules.lockoutFailures) lockedUntil = Date.now() + rules.lockoutMs;
    refuse(context);
  };
  const judgePassword = (context: AuthContext, given: string | undefined): void => {
    if (given === rules.password && !isLocked()) accept(context);
    else refusePassword(context);
  };
  const judgeKey = (context: PublicKeyAuthContext): void => {
    const key = rules.authorized.find((each) => each.getPublicSSH().equals(context.key.data));
    if (key === undefined || isLocked() || !isAllowed(context)) return refuse(context);
    if (context.signature === undefined || context.blob === undefined) return context.accept();
    return key.verify(context.blob, context.signature, context.hashAlgo) ? accept(context) : refuse(context);
  };
  const askPassword = (context: KeyboardAuthContext): void =>
    context.prompt([{ prompt: "(root@127.0.0.1) Password: ", echo: false }], (answers) =>
      judgePassword(context, answers[0]),
    );

  return {
    judge: (context, refuseAll) => {
      if (context.method === "none") return context.reject(methods as never);
      if (refuseAll || context.username !== "root")
        return context.method === "publickey" ? refuse(context) : refusePassword(context);
      if (context.method === "publickey") return judgeKey(context);
      if (context.method === "keyboard-interactive") return askPassword(context);
      if (context.method === "password" && rules.offersPassword) return judgePassword(context, context.password);
      return refuse(context);
    },
    unlock: () => {
      failures = 0;
      lockedUntil = 0;
    },
    accepted: () => accepted,
    refused: () => refused,
  };
}

/** SHA-1 signatures (`ssh-rsa` without another hash) and ed25519 are not in the host's PubkeyAcceptedAlgorithms. */
function isAllowed({ key, hashAlgo }: PublicKeyAuthContext): boolean {
  if (key.algo === "ecdsa-sha2-nistp256") return true;
  return key.algo.endsWith("rsa") && (hashAlgo === "sha256" || hashAlgo === "sha512");
}
