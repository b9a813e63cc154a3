/**
 * Under which name was the server addressed, and from which page? A page anywhere on the internet can make a browser
 * reach this server, on loopback too (by DNS rebinding even under its own name): so Host and Origin are checked on
 * every transport.
 */

export interface AddressCheckOptions {
  /** Host names, with port where not the default, besides loopback's with our port. */
  readonly allowedHosts: readonly string[];
  /** Does the server itself speak TLS? Pages must then come by https too. */
  readonly secure: boolean;
}

export interface Addressed {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** The port the request came in on. */
  readonly port: number | undefined;
}

/** Why a request is refused, as a sentence that says what to do; undefined: it may pass. */
export type AddressCheck = (request: Addressed) => string | undefined;

export function createAddressCheck({ allowedHosts, secure }: AddressCheckOptions): AddressCheck {
  const allowed = new Set(allowedHosts.map(canonicalHost));

  function isOurs(host: string, port: number | undefined): boolean {
    return allowed.has(host) || isLoopbackWith(port, host);
  }

  return ({ host: hostHeader, origin, port }) => {
    const host = canonicalHost(hostHeader ?? "");
    if (!isOurs(host, port)) {
      return `The server is not to be addressed as ${shown(hostHeader)}. If it should be, add that to ALLOWED_HOSTS.`;
    }
    if (origin === undefined) return undefined;
    const page = URL.parse(origin);
    const web = page !== null && (page.protocol === "https:" || (page.protocol === "http:" && !secure));
    if (web && (canonicalHost(page.host) === host || allowed.has(canonicalHost(page.host)))) return undefined;
    return `Pages of ${shown(origin)} may not use this server. If they should, add their host to ALLOWED_HOSTS.`;
  };
}

function isLoopbackWith(port: number | undefined, host: string): boolean {
  const match = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::(\d+))?$/.exec(host);
  if (match === null) return false;
  return match[2] === undefined ? port === 80 || port === 443 : Number(match[2]) === port;
}

/** Lower case, without a trailing dot and without a default port. */
function canonicalHost(host: string): string {
  return host
    .trim()
    .toLowerCase()
    .replace(/:(80|443)$/, "")
    .replace(/\.(?=$|:\d+$)/, "");
}

/** What a stranger sent, made safe for a message. */
function shown(text: string | undefined): string {
  return text === undefined ? "nothing at all" : JSON.stringify(text.slice(0, 100));
}
