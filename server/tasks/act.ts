/** An act on a VM as a value: what is sent, and how it is judged. */
import type { Clock } from "../clock.ts";
import type { Crawler } from "../crawler/crawler.ts";
import { type ErrorCode, isAppError } from "../errors.ts";
import type { ActReceipt, ActRequest, NodeDriver, VmAddress, VmSummary } from "../esxi/driver.ts";
import type { Fleet } from "../fleet.ts";
import type { Inventory } from "../inventory.ts";
import type { Log } from "../log.ts";
import type { NodeName, Task, Timestamp, Vm, VmId, VmUsage } from "../model.ts";
import type { Wording } from "./judge.ts";
import type { Settlement } from "./use-case.ts";
import type { Before, WatchHistory } from "./watch-history.ts";

export interface Act {
  readonly node: NodeName;
  readonly vmId: VmId;
  readonly request: ActRequest;
  readonly aim: Aim;
  readonly wording: Wording;
  /** Names of its steps. Default: those of a task that is nothing but this act. */
  readonly steps?: Readonly<Record<keyof typeof actSteps, string>>;
  /** For how long it is watched after it was sent, in ms. */
  readonly deadlineMs: number;
  /** The end that a receipt tells of when nothing was begun; undefined: the command is under way. Pure. */
  judgeReceipt(receipt: ActReceipt): Settlement | undefined;
  /** Undefined: go on watching. Pure. */
  judge(history: WatchHistory): Settlement | undefined;
  /** The last word when the deadline has passed. Pure. */
  judgeAtDeadline(history: WatchHistory): Settlement;
}

/** The VM that is meant, as known when the act is begun; kept in the task's input, for a judge after a restart. */
export interface Aim {
  readonly vm: VmAddress;
  readonly name: string;
  readonly before: Before;
}

/** The parts of the server that an act touches. */
export interface ActRoom {
  readonly inventory: Pick<Inventory, "vm" | "usage" | "node">;
  readonly fleet: Pick<Fleet, "node">;
  readonly crawler: Pick<Crawler, "observeVms">;
  readonly clock: Clock;
  readonly log: Log;
}

export const actSteps = { send: "Send the command", watch: "Watch the VM" } as const;

export interface NoDriver {
  readonly code: ErrorCode;
  readonly message: string;
}

/** The node's driver, or why it may not be spoken to. */
export function driverOf(node: NodeName, { fleet }: Pick<ActRoom, "fleet">): NodeDriver | NoDriver {
  const member = fleet.node(node);
  if (member === undefined)
    return { code: "NOT_FOUND", message: `There is no node ${JSON.stringify(node)} in hosts.yml.` };
  if (member.config.disabled)
    return {
      code: "NODE_DISABLED",
      message: `Node ${node} is switched off in hosts.yml. Remove "disabled: true" there to use it; the change takes effect at once.`,
    };
  return member.driver;
}

export function isDriver(found: NodeDriver | NoDriver): found is NodeDriver {
  return !("code" in found);
}

export function addressOf({ vmid, path, datastorePath, uuid }: Vm): VmAddress {
  return { vmid, path, datastorePath, uuid };
}

export function aimAt(vm: Vm, usage: VmUsage | undefined): Aim {
  const { powerState, bootTime } = vm;
  return {
    vm: addressOf(vm),
    name: vm.name,
    before: { powerState, bootTime, uptimeSeconds: usage?.uptimeSeconds ?? null },
  };
}

export interface Seen {
  readonly vmid: number;
  readonly at: Timestamp;
  readonly summary: VmSummary;
}

/** Makes it known to all what was seen of the act's VM; resolves when it is committed. */
export async function makeKnown(act: Act, { vmid, at, summary }: Seen, { crawler, log }: ActRoom): Promise<void> {
  await crawler.observeVms(act.node, [{ vmid, at, outcome: "read", summary }]).catch((error: unknown) => {
    if (isAppError(error, "LEASE_LOST")) return;
    log.warn({ node: act.node, vmId: act.vmId, error }, "What a host said about a VM could not be recorded.");
  });
}

/** After the end is on record: the host need not keep what it noted of the act. */
export async function forgetAct({ id, node }: Task, room: ActRoom): Promise<void> {
  const driver = driverOf(node, room);
  if (isDriver(driver)) await driver.forget([id], {});
}
