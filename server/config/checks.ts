/** How a text from hosts.yml or the environment becomes a value, and what to say where it does not. */
import { isIP, isIPv6 } from "node:net";

export interface Check<T> {
  /** Undefined: the text is not what is expected. */
  readonly parse: (text: string) => T | undefined;
  /** A phrase that follows "expected". */
  readonly expected: string;
}

export function wholeNumber(min: number, max: number): Check<number> {
  return {
    parse: (text) => within(/^\d{1,15}$/.test(text) ? Number(text) : Number.NaN, min, max),
    expected: `a whole number from ${min} to ${max}`,
  };
}

export function decimalNumber(min: number, max: number): Check<number> {
  return {
    parse: (text) => within(/^\d{1,15}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN, min, max),
    expected: `a number from ${min} to ${max}`,
  };
}

function within(value: number, min: number, max: number): number | undefined {
  return value >= min && value <= max ? value : undefined;
}

export const truth: Check<boolean> = {
  parse: (text) => (text === "true" ? true : text === "false" ? false : undefined),
  expected: "true or false",
};

export function oneOf<T extends string>(words: readonly T[]): Check<T> {
  return { parse: (text) => words.find((word) => word === text), expected: `one of ${words.join(", ")}` };
}

/** One line of up to `max` characters without control characters. */
export function line(max: number): Check<string> {
  return {
    parse: (text) => (text.length <= max && text.trim() !== "" && !/\p{Cc}/u.test(text) ? text : undefined),
    expected: `one line of 1 to ${max} characters`,
  };
}

const label = /^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/;

/** A host name, an IPv4 or an IPv6 address, without port. */
export const networkAddress: Check<string> = {
  parse: (text) => {
    const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
    if (isIP(bare) !== 0) return bare;
    const labels = bare.replace(/\.$/, "").split(".");
    const numeric = /^\d+$/.test(labels.at(-1) ?? "");
    return bare.length <= 253 && !numeric && labels.every((part) => label.test(part)) ? bare : undefined;
  },
  expected: "a host name or an IP address, alone (a port goes under its own key)",
};

/** A name under which the server is addressed: `ecoman.lab`, `ecoman.lab:8443`, `[fd00::5]:4000`. Lower case. */
export const hostHeader: Check<string> = {
  parse: (text) => hostAndPort(text.toLowerCase()),
  expected: "names such as ecoman.lab or ecoman.lab:8443, without https:// and path, separated by commas",
};

/** The text itself where it is a host with or without port, IPv6 in brackets. */
export function hostAndPort(text: string): string | undefined {
  const parts = /^(\[[^\]]+\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(text);
  if (parts === null) return undefined;
  const [, name = "", port = "1"] = parts;
  const known = name.startsWith("[") ? isIPv6(name.slice(1, -1)) : networkAddress.parse(name) !== undefined;
  return known && Number(port) >= 1 && Number(port) <= 65_535 ? text : undefined;
}

/** A path on the ESXi host; a trailing slash is dropped. */
export const hostPath: Check<string> = {
  parse: (text) => {
    const parts = text.split("/");
    const sound = text.startsWith("/") && !/\p{Cc}/u.test(text) && !parts.includes("..") && !parts.includes(".");
    const clean = text.replaceAll(/\/{2,}/g, "/").replace(/\/$/, "");
    return sound && text.length <= 1024 && clean !== "" ? clean : undefined;
  },
  expected: "an absolute path on the ESXi host such as /vmfs/volumes/datastore1",
};

/** A host key's fingerprint as `ssh-keygen -lf` prints it. */
export const fingerprint: Check<string> = {
  parse: (text) => (/^SHA256:[A-Za-z0-9+/]{43}=?$/.test(text) ? text.replace(/=$/, "") : undefined),
  expected: "SHA256: and 43 characters, as `ssh-keyscan HOST | ssh-keygen -lf -` prints it",
};

export const variableName: Check<string> = {
  parse: (text) => (/^[A-Za-z_][A-Za-z0-9_]*$/.test(text) ? text : undefined),
  expected: "the name of an environment variable; the secret itself never stands in this file",
};

/** 20 to 200 characters that survive a header, a cookie and a shell. */
export const token: Check<string> = {
  parse: (text) => (/^[A-Za-z0-9._~+/=-]{20,200}$/.test(text) ? text : undefined),
  expected: "20 to 200 of the characters A-Z a-z 0-9 . _ ~ + / = - (`openssl rand -hex 32` makes a good one)",
};

/** Reachable from this machine alone. */
export function isLoopback(host: string): boolean {
  return host.toLowerCase() === "localhost" || host === "::1" || /^(::ffff:)?127(\.\d{1,3}){3}$/i.test(host);
}
