/**
 * A fleet of false ESXi hosts behind real SSH servers on 127.0.0.1.
 *
 *     const simulator = await startSimulator({ hosts: 2, vmsPerHost: 5, delayMs: 0 });
 *     ... simulator.hosts[0] ... simulator.hostsYml() ...
 *     await simulator.close();
 */
import type { Simulator, SimulatorOptions } from "./types.ts";

export type * from "./types.ts";

/** Rejects when a port is taken or `dataDir` can't be written. */
export function startSimulator(_options: SimulatorOptions = {}): Promise<Simulator> {
  throw new Error("not built yet");
}
