/** A channel as the end of a script's output, and what it needs to know of the host behind it. */
import type { ServerChannel } from "ssh2";
import { createChannelDamage } from "../damage.ts";
import type { FaultList } from "../faults.ts";
import type { HostCommands } from "../shell/host-commands.ts";
import type { Sink } from "../shell/sink.ts";
import type { World } from "../world/world.ts";

export interface ChannelHost {
  readonly name: string;
  readonly world: World;
  readonly commands: HostCommands;
  readonly faults: FaultList;
  readonly maxSessions: number;
  readonly onChannel: () => void;
}

/** A host as one connection sees it. */
export interface ConnectionHost extends ChannelHost {
  readonly drop: () => void;
}

/** Applies the faults that hit whole channels. After `drop` one more piece of output goes out, then the connection ends. */
export function channelSink(channel: ServerChannel, host: ConnectionHost): Sink | "hangs" {
  const fault = host.faults.take(["hang", "truncate", "drop", "garble"], { host: host.name, line: null });
  channel.on("error", () => undefined);
  if (fault?.kind === "hang") {
    channel.resume();
    return "hangs";
  }
  let doomed = false;
  const drop = (): void => {
    doomed = true;
  };
  const pass = fault === undefined ? (bytes: Buffer): Buffer => bytes : createChannelDamage(fault, drop);
  return {
    drop,
    cut: () => {
      drop();
      host.drop();
    },
    write: (stream, bytes) => {
      if (!channel.writable || channel.destroyed) return false;
      const passed = pass(bytes);
      if (passed.length > 0) (stream === "stdout" ? channel : channel.stderr).write(passed);
      if (doomed) host.drop();
      return !doomed;
    },
    end: (exitCode) => {
      if (doomed) return host.drop();
      if (!channel.writable) return;
      channel.exit(exitCode);
      channel.end();
    },
  };
}
