/** Why ECoMan could not start, in words for whoever started it. */
import { environmentFault } from "./config/environment.ts";
import { ConfigError } from "./config/faults.ts";
import type { Config } from "./config.ts";
import { AppError } from "./errors.ts";

/** What a refused `listen` says about the configuration; the failure itself where it says nothing. */
export function listenFailure({ host, port }: Pick<Config, "host" | "port">, failure: unknown): unknown {
  const code = failure instanceof Error && "code" in failure ? failure.code : undefined;
  const place = `${host}:${port}`;
  if (code === "EADDRINUSE")
    return refused("PORT", port, `a free port: another program, perhaps another ECoMan, listens on ${place} already`);
  if (code === "EACCES") return refused("PORT", port, `a port that this user may listen on, such as one above 1023`);
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return refused("HOST", host, "an address of this machine, such as 127.0.0.1 or 0.0.0.0");
  return failure;
}

export interface Explained {
  readonly message: string;
  /** 2 for a fault of the configuration, else 1. */
  readonly exitCode: number;
}

/** Throws again what is a bug. */
export function explainFailure(thrown: unknown): Explained {
  if (thrown instanceof ConfigError) return { message: thrown.message, exitCode: 2 };
  if (thrown instanceof AppError) return { message: thrown.message, exitCode: 1 };
  throw thrown;
}

function refused(name: "HOST" | "PORT", value: string | number, expected: string): ConfigError {
  return new ConfigError([environmentFault(name, String(value), expected)]);
}
