/** The Shell over SSH: one kept connection for each node, up to four channels in it. */
import type { Clock } from "../../clock.ts";
import type { NodeConfig } from "../../config.ts";
import { AppError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { RunOptions, RunResult, Shell } from "../shell.ts";
import { createChannelOpener, type OpenChannel } from "./channel.ts";
import { createChannelQueue, type Slot } from "./channel-queue.ts";
import { createConnector } from "./connect.ts";
import type { Connection } from "./connection.ts";
import { fellSilent, nodeTitle } from "./failures.ts";
import type { TrustedHostKeys } from "./host-key.ts";
import { createKeeper } from "./keeper.ts";
import { type Limits, startLimits } from "./limits.ts";
import type { LoginGate } from "./login-gate.ts";
import { runScript } from "./run.ts";
import { type SilenceWatch, watchSilence } from "./silence.ts";
import { defaultTimings, type Timings } from "./timings.ts";

export interface KeptShellOptions {
  readonly config: NodeConfig;
  readonly loginGate: LoginGate;
  readonly hostKeys: TrustedHostKeys;
  readonly clock: Clock;
  readonly log: Log;
  /** Asked before a connection is made, and again right before a script leaves. Default: always. */
  readonly mayRun?: () => boolean;
  /** For tests that can't wait. */
  readonly timings?: Partial<Timings>;
}

const defaultMaxBytes = 16 * 1024 * 1024;

export function createKeptShell({ config, loginGate, hostKeys, clock, log, ...rest }: KeptShellOptions): Shell {
  const { mayRun = () => true } = rest;
  const timings = { ...defaultTimings, ...rest.timings };
  const title = nodeTitle(config);
  const connect = createConnector({ config, loginGate, hostKeys, timings, clock, log });
  const keeper = createKeeper({ node: config.name, connect, log });
  const queue = createChannelQueue();
  const openChannel = createChannelOpener({ config, keeper, queue, closeMs: timings.closeMs });

  return {
    async run(script, options) {
      const limits = startLimits({ title, deadlineMs: options.deadlineMs, signal: options.signal });
      try {
        const slot = await queue.take(options.priority ?? "scan", limits.signal);
        return await runInSlot({ script, options, slot, limits });
      } finally {
        limits.stop();
      }
    },
    permitLogin: () => loginGate.permitLogin(),
    disconnect: () => keeper.disconnect(),
    close: async () => keeper.close(),
  };

  async function runInSlot({ script, options, slot, limits }: Job): Promise<RunResult> {
    const { signal } = limits;
    let silence: SilenceWatch | undefined;
    let opened: OpenChannel | undefined;
    // A connection that must be made first has time limits of its own.
    const onAsked = (connection: Connection): void => {
      silence?.stop();
      silence = watchSilence(options.silenceMs, () => giveUpSilent(connection, options, limits));
    };
    try {
      if (!mayRun()) throw notOurs();
      opened = await openChannel({ slot, signal, onAsked });
      if (opened === undefined) return { stdout: "", stderr: "", exitCode: undefined };
      const { channel, connection } = opened;
      // To open a channel may have taken long.
      if (!mayRun()) {
        channel.close();
        throw notOurs();
      }
      const result = await runScript({
        channel,
        script,
        signal,
        onOutput: options.onOutput,
        maxBytes: options.maxBytes ?? defaultMaxBytes,
        isCut: () => connection.end() !== undefined,
        onBytes: () => silence?.heard(),
        tooMuch: () => tooMuch(options.maxBytes ?? defaultMaxBytes),
      });
      if (connection.end()?.kind === "silent") throw fellSilent(config);
      return result;
    } finally {
      silence?.stop();
      // The host may need a moment to end a channel that was given up; whoever asked does not wait for that.
      void (opened?.leave() ?? Promise.resolve()).finally(() => slot.free());
    }
  }

  /** Keepalives tell whose fault it is: sshd answers them by itself while the host's agents hang. */
  function giveUpSilent(connection: Connection, { silenceMs = 0 }: RunOptions, limits: Limits): void {
    if (connection.quietMs() < timings.keepaliveMs * 1.5) return limits.end(agentHangs(silenceMs));
    limits.end(fellSilent(config));
    connection.destroy({ kind: "silent", error: new Error("nothing came any more") });
  }

  function agentHangs(silenceMs: number): AppError {
    return new AppError(
      "HOSTD_DOWN",
      `${title} answers over SSH, but its management agent hangs: a command printed nothing for ${silenceMs / 1000} s. ` +
        `At the host's console: /etc/init.d/hostd restart. Running VMs go on meanwhile.`,
    );
  }

  function notOurs(): AppError {
    return new AppError("LEASE_LOST", `Another server looks after ${title}; nothing was sent.`);
  }

  function tooMuch(maxBytes: number): AppError {
    return new AppError("OUTPUT_DAMAGED", `${title} printed more than ${maxBytes} bytes; nothing of it was used.`);
  }
}

interface Job {
  readonly script: string;
  readonly options: RunOptions;
  readonly slot: Slot;
  readonly limits: Limits;
}
