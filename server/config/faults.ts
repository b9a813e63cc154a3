/** A fault of the configuration: where it stands, what was given, what is expected. */
export interface ConfigFault {
  /** Absolute path of the file; undefined: the environment. */
  readonly file: string | undefined;
  /** From 1; undefined where there is no place to point at, such as in a missing file. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** `esx1.port`, or the name of the variable; empty: the file as a whole. */
  readonly key: string;
  /** As given, shortened, secrets hidden; undefined: nothing was given. */
  readonly value: string | undefined;
  /** A phrase that follows "expected". */
  readonly expected: string;
}

/** The configuration cannot be used. Holds every fault; its message is ready to be printed. The process exits with 2. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    const count = faults.length === 1 ? "One fault" : `${faults.length} faults`;
    super(`${count} in the configuration:\n${faults.map(describeFault).join("\n")}`);
    this.faults = faults;
  }
}

/** Two lines: place, key and value; then what is expected. */
export function describeFault(fault: ConfigFault): string {
  const { subject, expected } = partsOf(fault);
  return `  ${subject}\n      expected ${expected}`;
}

/** The same on one line, for the log. */
export function faultLine(fault: ConfigFault): string {
  const { subject, expected } = partsOf(fault);
  return `${subject}: expected ${expected}`.replaceAll(/\s*\n\s*/g, " ").trim();
}

function partsOf({ file, line, column, key, value, expected }: ConfigFault): { subject: string; expected: string } {
  const place = [file ?? "environment", line, column].filter((part) => part !== undefined).join(":");
  const given = value === undefined ? "is not given" : `= ${value}`;
  return { subject: key === "" ? place : `${place}  ${key} ${given}`, expected };
}

const longest = 80;

/** What was given, on one line and short. Anything that looks like key material or like `name:password@` is hidden. */
export function showValue(text: string): string {
  if (/PRIVATE KEY|[\r\n]|:.*@/.test(text)) return hideValue(text);
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return JSON.stringify(cut);
}

export function hideValue(text: string): string {
  return `(hidden, ${text.length} characters)`;
}
