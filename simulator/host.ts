/** One simulated host: a world, its commands, and its SSH server. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Captures } from "./captures.ts";
import type { FaultList } from "./faults.ts";
import { createFaultList, joinFaults } from "./faults.ts";
import { createRandom } from "./random.ts";
import { createHostCommands } from "./shell/host-commands.ts";
import { createLoginJudge } from "./ssh/auth.ts";
import type { ClientKeys } from "./ssh/keys.ts";
import { createListener } from "./ssh/listener.ts";
import type { SimulatedHost } from "./types.ts";
import type { Action, HostOptions, SimulatorOptions } from "./words.ts";
import { createControls } from "./world/controls.ts";
import { createWorld } from "./world/create-world.ts";
import { fillWithFleet } from "./world/fleet.ts";
import { losePower } from "./world/host-restart.ts";
import { restartHostd } from "./world/hostd.ts";
import { addVm } from "./world/registry.ts";
import type { World } from "./world/world.ts";

export interface HostParts {
  readonly options: HostOptions & { readonly name: string };
  readonly all: SimulatorOptions;
  readonly port: number;
  readonly faults: FaultList;
  readonly keys: ClientKeys;
  readonly captures: Captures;
  readonly log: (action: Action) => void;
}

export interface StartedHost {
  readonly host: SimulatedHost;
  readonly world: World;
}

export const rootPassword = "VMware1!";

export async function startHost(parts: HostParts): Promise<StartedHost> {
  const { options, all } = parts;
  const { name } = options;
  const seed = all.seed ?? 1;
  const version = options.version ?? all.version ?? "8.0.1";
  const timing = { guestMs: all.guestMs ?? 3000, taskMs: all.taskMs ?? 500, diskMs: all.diskMs ?? 1500 };
  const world = await createWorld({
    name,
    seed,
    version,
    timing,
    acceptsPaths: all.acceptsPaths ?? true,
    answersConfigOptions: all.answersConfigOptions ?? true,
    log: parts.log,
  });
  furnish(world, options.vms ?? all.vmsPerHost ?? 10);

  const own = createFaultList(createRandom(seed, `${name}/faults`));
  const faults = joinFaults(own, parts.faults);
  const delayMs = options.delayMs ?? all.delayMs ?? 300;
  const commands = createHostCommands({ world, faults, captures: parts.captures, delayMs });
  const logins = createLoginJudge({
    password: rootPassword,
    authorized: parts.keys.authorized,
    offersPassword: !/^[89]/.test(version),
    lockoutFailures: all.lockoutFailures ?? 5,
    lockoutMs: all.lockoutMs ?? 15 * 60_000,
  });
  let channels = 0;
  const onChannel = (): void => {
    channels += 1;
  };
  const maxSessions = options.maxSessions ?? all.maxSessions ?? 10;
  const listener = createListener({
    host: { name, world, commands, faults, maxSessions, onChannel },
    faults,
    logins,
    port: parts.port,
  });
  await listener.start();

  const host: SimulatedHost = {
    ...createControls(world),
    name,
    version,
    address: "127.0.0.1",
    username: "root",
    password: rootPassword,
    get port() {
      return listener.port();
    },
    labels: options.labels ?? [],
    hostKeyFingerprints: () => listener.keys().fingerprints,
    changeHostKey: listener.changeKeys,
    stop: listener.stop,
    start: listener.start,
    halfOpen: listener.halfOpen,
    dropConnections: listener.dropAll,
    restartHost: async ({ downMs = 0, hostd = { emptyMs: 0, halfMs: 0 } } = {}) => {
      const stopped = listener.stop();
      await losePower(world);
      await stopped;
      await sleep(downMs);
      await listener.start();
      await restartHostd(world, hostd);
    },
    unlock: logins.unlock,
    faults: own,
    sshCounts: () => ({
      connections: listener.connections().total,
      openConnections: listener.connections().open,
      loginsAccepted: logins.accepted(),
      loginsRefused: logins.refused(),
      channels,
    }),
  };
  return { host, world };
}

function furnish(world: World, vms: HostOptions["vms"]): void {
  if (typeof vms === "number") fillWithFleet(world, vms);
  else for (const vm of vms ?? []) addVm(world, vm);
}
