/** What went wrong with a connection, in words for the person who looks after the host. */
import type { NodeConfig } from "../../config.ts";
import { AppError } from "../../errors.ts";

export function nodeTitle(config: NodeConfig): string {
  return `Node "${config.name}" (${config.address}:${config.port})`;
}

/** `error` is what Node.js or ssh2 said; `step` is what was being done, such as "the SSH handshake". */
export function unreachable(config: NodeConfig, step: string, error: Error): AppError {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const [what, next] = explanations[code] ?? [`${step} failed: ${plainMessage(error)}`, checkTheHost];
  return new AppError("HOST_UNREACHABLE", `${nodeTitle(config)} can't be reached: ${what}. ${next}`, { cause: error });
}

export function fellSilent(config: NodeConfig): AppError {
  return new AppError(
    "HOST_UNREACHABLE",
    `${nodeTitle(config)} fell silent: nothing came over the SSH connection any more, not even the answer to a ` +
      `keepalive. ${checkTheHost}`,
  );
}

/** What the machine said, without line breaks and of bounded length. */
export function plainMessage(error: Error): string {
  return error.message.replace(/\s+/g, " ").trim().slice(0, 300) || error.name;
}

const checkTheHost = "Check that the host runs and that the network between it and ECoMan is up.";

const explanations: Readonly<Record<string, readonly [what: string, next: string]>> = {
  ECONNREFUSED: [
    "the connection was refused",
    "SSH may be switched off: in Host Client, Host → Manage → Services → TSM-SSH: start it and set its policy to " +
      '"Start and stop with host". Else check address and port in hosts.yml.',
  ],
  ETIMEDOUT: [
    "nothing answered in time",
    "Check that the host runs, the address and port in hosts.yml, and firewalls on the way.",
  ],
  EHOSTUNREACH: ["there is no way to the host", checkTheHost],
  ENETUNREACH: ["there is no way to its network", checkTheHost],
  ENOTFOUND: ["its name is not known to DNS", "Check addr in hosts.yml."],
  EAI_AGAIN: ["DNS did not answer", "Check the name servers of the machine that runs ECoMan."],
  ECONNRESET: [
    "the connection was cut",
    "The host may be starting or stopping, or has too many SSH connections at once; it is tried again.",
  ],
};
