/** One simulated host with a client, for the tests of what a creation meets. Nothing takes time unless they say so. */
import { startSimulator } from "./simulator.ts";
import type { TestClient } from "./test-client.ts";
import { connect } from "./test-client.ts";
import type { SimulatedHost, Simulator } from "./types.ts";
import type { SimulatorOptions } from "./words.ts";

export interface TestLab extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly host: SimulatedHost;
  readonly ssh: TestClient;
  /** `/vmfs/volumes/UUID` of datastore1. */
  readonly volume: string;
}

export async function openLab(options: SimulatorOptions = {}): Promise<TestLab> {
  const simulator = await startSimulator({ hosts: 1, vmsPerHost: 0, delayMs: 0, taskMs: 0, diskMs: 0, ...options });
  const [host] = simulator.hosts as [SimulatedHost];
  const ssh = await connect(host, simulator);
  const volume = (await ssh.exec("readlink -f /vmfs/volumes/datastore1")).stdout.trim();
  return {
    simulator,
    host,
    ssh,
    volume,
    [Symbol.asyncDispose]: async () => {
      await ssh[Symbol.asyncDispose]();
      await simulator.close();
    },
  };
}

/** A .vmx that every release takes, its disk beside it. */
export function vmxText(more: Readonly<Record<string, string>> = {}): string {
  const entries = {
    ".encoding": "UTF-8",
    "config.version": "8",
    "virtualHW.version": "10",
    displayName: "web",
    guestOS: "ubuntu-64",
    memSize: "1024",
    "scsi0:0.present": "TRUE",
    "scsi0:0.fileName": "web.vmdk",
    ...more,
  };
  return Object.entries(entries)
    .map(([name, value]) => `${name} = "${value}"\n`)
    .join("");
}
