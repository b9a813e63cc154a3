/** What to do about a node that is not well, as things to copy and places to go. Pure. */
import type { Node } from "../../inventory/state.ts";

export interface Advice {
  /** In a sentence, besides the node's own message. */
  readonly text: string | null;
  readonly snippets: readonly Snippet[];
  /** The host's own page is where it is mended. */
  readonly isOnHost: boolean;
}

/** A line to copy, and where it goes. */
export interface Snippet {
  readonly where: string;
  readonly text: string;
}

const nothing: Advice = { text: null, snippets: [], isOnHost: false };

export function adviceFor(node: Node): Advice {
  switch (node.status) {
    case "HOST_KEY_UNKNOWN":
      return { ...nothing, snippets: keyLines(node, "If it is the host's own fingerprint, add to") };
    case "HOST_KEY_MISMATCH":
      return { ...nothing, snippets: keyLines(node, "If the new key is right, put in place of the old host_key of") };
    case "AUTH_FAILED":
      return { ...nothing, text: "Other credentials in hosts.yml are tried as soon as it is saved." };
    case "UNREACHABLE":
      return {
        text: node.statusMessage?.includes("TSM-SSH") ? null : sshSetting,
        snippets: [{ where: "To switch SSH on at the host's console", text: enableSsh }],
        isOnHost: true,
      };
    case "DEGRADED":
      return { ...nothing, snippets: hostdLines(node) };
    case "DISABLED":
      return nothing;
    case "PENDING":
      return { ...nothing, text: "It is looked at for the first time; this takes some seconds." };
    case "ONLINE":
      return nothing;
  }
}

const sshSetting =
  "SSH may be switched off there: in Host Client, Host, Manage, Services, TSM-SSH: start it, and set its policy to “Start and stop with host”.";
const enableSsh = "vim-cmd hostsvc/enable_ssh && vim-cmd hostsvc/start_ssh";
const restartHostd = "/etc/init.d/hostd restart";

function keyLines({ name, statusMessage }: Node, where: string): readonly Snippet[] {
  const message = statusMessage ?? "";
  const pin = /host_key: SHA256:[A-Za-z0-9+/]{43}/.exec(message)?.[0];
  const known = /\(or this line to (\S+): ([^\n]*)\)/.exec(message);
  return [
    ...(pin === undefined ? [] : [{ where: `${where} "${name}" in hosts.yml`, text: pin }]),
    ...(known === null ? [] : [{ where: `Or add to ${known[1]}`, text: known[2] ?? "" }]),
  ];
}

/** Only where the message speaks of it: a VM that can't be read is not mended by it. */
function hostdLines({ statusMessage }: Node): readonly Snippet[] {
  if (!statusMessage?.includes(restartHostd)) return [];
  return [{ where: "On the host; running VMs go on", text: restartHostd }];
}

const holdMs = 15 * 60_000;

/** When refused credentials may be tried again by a refresh, in ms; undefined where nothing holds it. */
export function retryAt({ status, statusMessage, statusSince }: Node): number | undefined {
  if (status !== "AUTH_FAILED") return undefined;
  const told = /did not accept the login at (\d{4}-\d\d-\d\dT[\d:.]+Z)/.exec(statusMessage ?? "")?.[1];
  return Date.parse(told ?? statusSince) + holdMs;
}

/** The host's own page; null for an address that makes none. */
export function hostClientUrl(address: string): string | null {
  const host = address.includes(":") ? `[${address}]` : address;
  return URL.canParse(`https://${host}/ui/`) ? new URL(`https://${host}/ui/`).href : null;
}
