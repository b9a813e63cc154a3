/** A kept shell with everything around it in memory, for tests that look at what it remembers and logs. */
import type { Clock } from "../../server/clock.ts";
import { systemClock } from "../../server/clock.ts";
import type { NodeConfig } from "../../server/config.ts";
import type { Shell } from "../../server/esxi/shell.ts";
import { createKeptShell } from "../../server/esxi/ssh/kept-shell.ts";
import { createLoginGate, type LoginRefusal } from "../../server/esxi/ssh/login-gate.ts";
import type { Timings } from "../../server/esxi/ssh/timings.ts";

/** What outlives a shell: hand it to the next one to play a restart. */
export interface Memory {
  refusal: LoginRefusal | undefined;
  readonly trusted: string[];
}

export interface OpenShellOptions {
  readonly memory?: Memory;
  readonly clock?: Clock;
  readonly timings?: Partial<Timings>;
}

export interface TestShell {
  readonly shell: Shell;
  readonly memory: Memory;
  /** Every line so far, as JSON with its message. */
  readonly logged: readonly string[];
  /** Runs a script with a generous deadline and answers its stdout. */
  readonly output: (script: string) => Promise<string>;
}

export function emptyMemory(): Memory {
  return { refusal: undefined, trusted: [] };
}

export function openShell(config: NodeConfig, options: OpenShellOptions = {}): TestShell {
  const { memory = emptyMemory(), clock = systemClock, timings = {} } = options;
  const logged: string[] = [];
  const write = (fields: object, message: string): void => {
    logged.push(JSON.stringify({ ...fields, message }));
  };
  const loginGate = createLoginGate({
    node: config.name,
    clock,
    refusals: {
      read: async () => memory.refusal,
      write: async (refusal) => {
        memory.refusal = refusal;
      },
    },
  });
  const shell = createKeptShell({
    config,
    loginGate,
    clock,
    timings,
    log: { debug: write, info: write, warn: write, error: write },
    hostKeys: {
      read: async () => memory.trusted,
      add: async (fingerprint) => {
        memory.trusted.push(fingerprint);
      },
    },
  });
  return {
    shell,
    memory,
    logged,
    output: async (script) => (await shell.run(script, { deadlineMs: 25_000 })).stdout,
  };
}
