/** A login that did not succeed, in words for the person who looks after the host. */
import type { NodeConfig } from "../../config.ts";
import { AppError, toAppError } from "../../errors.ts";
import type { LoginFailure, LoginMethod } from "./authentication.ts";
import { nodeTitle, plainMessage } from "./failures.ts";
import type { Login } from "./login.ts";

export function loginFailed(config: NodeConfig, login: Login, failure: LoginFailure): AppError {
  if (failure.kind === "not-sent") return toAppError(failure.error);
  const offered = failure.offered.join(", ") || "none";
  const user = `${nodeTitle(config)} did not let "${login.username}" in`;
  if (failure.kind === "nothing-in-common") {
    return new AppError(
      "AUTH_FAILED",
      `${user}: it takes ${offered}, and hosts.yml gives ${ownMethods(login)} for it. No login was tried. ` +
        `Give what the host takes; an RSA key needs a host that takes rsa-sha2 or ssh-rsa signatures.`,
    );
  }
  if (failure.kind === "wants-more") {
    return new AppError(
      "AUTH_FAILED",
      `${user}: ${failure.method} alone does not do, it wants another proof (${offered}), which ECoMan does not ` +
        `give. Allow this account to log in with one method.`,
    );
  }
  return new AppError("AUTH_FAILED", `${user}: it refused ${failure.method}. ${adviceFor(failure.method, login)}`);
}

function adviceFor(method: LoginMethod, login: Login): string {
  const held = "ECoMan does not try again by itself until the credentials change or the node is refreshed.";
  if (method !== "publickey") return `Check the user and the password; too many refusals lock the account. ${held}`;
  const type = login.key?.type ?? "";
  const ed25519 = type === "ssh-ed25519" ? " ESXi takes no ed25519 keys as it is delivered: use ECDSA or RSA." : "";
  const file = `/etc/ssh/keys-${login.username}/authorized_keys`;
  return `Check that the public key (${type}) is in ${file} on the host.${ed25519} ${held}`;
}

export function endedAtLogin(config: NodeConfig, login: Login, error: Error): AppError {
  return new AppError(
    "AUTH_FAILED",
    `${nodeTitle(config)} ended the connection when "${login.username}" logged in and said: ${plainMessage(error)}. ` +
      `Check user, key or password. ECoMan does not try again by itself until they change or the node is refreshed.`,
  );
}

function ownMethods(login: Login): string {
  const key = login.key === undefined ? [] : [`a key (${login.key.type})`];
  const password = login.password === undefined ? [] : ["a password"];
  return [...key, ...password].join(" and ");
}
