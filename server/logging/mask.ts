/** The second net under the log: finds secrets in a finished line, whatever path led them there. */

export interface Mask {
  add(secrets: readonly string[]): void;
  /** A JSON line with everything secret in its keys and values replaced. */
  line(json: string): string;
}

const shown = "[masked]";
/** Shorter secrets are masked only where they are a whole value: as a part they would blot out innocent words. */
const shortest = 6;

const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g;
const credentials = /\b(Bearer|Basic)(\s+|%20)[A-Za-z0-9._~+/=-]{16,}/gi;
const urlPassword = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/gi;
/** What makes a line worth a closer look even if no known secret is in it. A Buffer prints its bytes as numbers. */
const suspicious = /PRIVATE KEY|Bearer|Basic|:\/\/[^\s"/]*@|"type":"Buffer"/i;

export function createMask(): Mask {
  const known = new Set<string>();
  const whole = new Set<string>();

  function maskText(text: string): string {
    if (whole.has(text)) return shown;
    let masked = text;
    for (const form of known) masked = masked.replaceAll(form, shown);
    return masked.replace(privateKey, shown).replace(credentials, `$1$2${shown}`).replace(urlPassword, `$1${shown}`);
  }

  function maskValue(value: unknown): unknown {
    if (typeof value === "string") return maskText(value);
    if (typeof value === "number") return whole.has(String(value)) ? shown : value;
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(maskValue);
    if (isBuffer(value)) return `[${value.data.length} bytes]`;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [maskText(key), maskValue(inner)]));
  }

  const isSuspect = (json: string): boolean =>
    suspicious.test(json) ||
    [...whole].some((secret) => json.includes(escaped(secret))) ||
    [...known].some((form) => json.includes(escaped(form)));

  return {
    add(secrets) {
      for (const secret of secrets.filter((text) => text !== "")) {
        whole.add(secret);
        if (secret.length >= shortest) for (const form of formsOf(secret)) known.add(form);
      }
    },
    line: (json) => (isSuspect(json) ? `${JSON.stringify(maskValue(JSON.parse(json)))}\n` : json),
  };
}

/** As it is, inside JSON, in an address, and in base64. */
function formsOf(secret: string): readonly string[] {
  return [secret, escaped(secret), encodeURIComponent(secret.toWellFormed()), Buffer.from(secret).toString("base64")];
}

/** As JSON writes it between its quotes. */
function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function isBuffer(value: object): value is { readonly data: readonly unknown[] } {
  return "type" in value && value.type === "Buffer" && "data" in value && Array.isArray(value.data);
}
