import { pino, stdSerializers, stdTimeFunctions } from "pino";
import type { Secret } from "./config.ts";
import type { Log } from "./log.ts";
import { createMask } from "./logging/mask.ts";
import { readableLine } from "./logging/readable-line.ts";

export interface Logger extends Log {
  /** From now on these are masked wherever they stand in a line, besides all that was hidden before. */
  hide(secrets: readonly Secret[]): void;
}

/** Where lines go: standard output, or a test's ear. */
export interface LogStream {
  write(line: string): unknown;
  readonly isTTY?: boolean | undefined;
}

/**
 * JSON, one object per line: `time` (ISO 8601), `level`, the fields, `msg`. A terminal gets a short line for people instead.
 * `level` is one of debug, info, warn, error, silent.
 *
 * Secrets are objects that do not print (config/secret.ts); behind that stands a second net here: every finished line is
 * searched for the secrets it was told of, for private keys and for bearer tokens.
 */
export function createLogger(level: string, stream: LogStream = process.stdout): Logger {
  const mask = createMask();
  const present = stream.isTTY === true ? readableLine : (line: string) => line;
  const out = pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: stdSerializers.err, error: stdSerializers.err, cause: stdSerializers.err },
    },
    { write: (line) => void stream.write(present(mask.line(line))) },
  );
  return {
    debug: (fields, message) => out.debug(fields, message),
    info: (fields, message) => out.info(fields, message),
    warn: (fields, message) => out.warn(fields, message),
    error: (fields, message) => out.error(fields, message),
    hide: (secrets) => mask.add(secrets.map((secret) => secret.reveal())),
  };
}
