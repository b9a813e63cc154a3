/** Orders of VMs: what is compared for each field, and how. */
import type { VmOrder, VmOrderField } from "../inventory.ts";
import type { Vm, VmId, VmUsage } from "../model.ts";
import { powerStates } from "../model.ts";
import { addressKey, naturalKey } from "./sort-text.ts";

export type SortKey = string | number | null;

/** Where a VM stands, or stood, in an order. */
export interface SortPlace {
  readonly id: VmId;
  /** One per field of the order. */
  readonly keys: readonly SortKey[];
}

export interface VmOrdering {
  /** Tells orders apart. */
  readonly signature: string;
  /** Some field is a reading, so that pulses move VMs. */
  readonly usesReadings: boolean;
  keysOf(vm: Vm, usage: VmUsage | undefined): SortKey[];
  /** Nulls last in both directions; ties by id, always upwards. */
  readonly compare: (a: SortPlace, b: SortPlace) => number;
  /** Whether `keys` could be those of a VM in this order. */
  fits(keys: readonly unknown[]): keys is readonly SortKey[];
}

type FieldRule =
  | { readonly type: "string" | "number"; readonly ofVm: (vm: Vm) => SortKey }
  | { readonly type: "string" | "number"; readonly ofUsage: (usage: VmUsage) => SortKey };

const rules: Record<VmOrderField, FieldRule> = {
  NAME: { type: "string", ofVm: (vm) => naturalKey(vm.name) },
  NODE: { type: "string", ofVm: (vm) => naturalKey(vm.node) },
  POWER_STATE: { type: "number", ofVm: (vm) => powerStates.indexOf(vm.powerState) },
  HOSTNAME: { type: "string", ofVm: (vm) => textKey(vm.hostname) },
  IP_ADDRESS: { type: "string", ofVm: (vm) => (vm.ipAddress === null ? null : addressKey(vm.ipAddress)) },
  UPTIME: { type: "number", ofUsage: (usage) => usage.uptimeSeconds },
  NUM_CPU: { type: "number", ofVm: (vm) => vm.numCpu },
  MEMORY_SIZE: { type: "number", ofVm: (vm) => vm.memorySizeMb },
  STORAGE_COMMITTED: { type: "number", ofUsage: (usage) => usage.storageCommittedBytes },
  CPU_USAGE: { type: "number", ofUsage: (usage) => usage.overallCpuUsageMhz },
  GUEST_MEMORY_USAGE: { type: "number", ofUsage: (usage) => usage.guestMemoryUsageMb },
  HOST_MEMORY_USAGE: { type: "number", ofUsage: (usage) => usage.hostMemoryUsageMb },
  GUEST_FULL_NAME: { type: "string", ofVm: (vm) => textKey(vm.guestFullName) },
  COMMENT: { type: "string", ofVm: (vm) => textKey(vm.comment) },
  OBSERVED_AT: { type: "string", ofUsage: (usage) => usage.observedAt },
};

function textKey(text: string | null): SortKey {
  return text === null ? null : naturalKey(text);
}

export function createVmOrdering(orderBy: readonly VmOrder[]): VmOrdering {
  const fields = orderBy.map(({ field, direction }) => ({ rule: rules[field], sign: direction === "ASC" ? 1 : -1 }));
  return {
    signature: signatureOf(orderBy),
    usesReadings: fields.some(({ rule }) => "ofUsage" in rule),
    keysOf: (vm, usage) => fields.map(({ rule }) => keyOf(rule, vm, usage)),
    compare(a, b) {
      for (let index = 0; index < fields.length; index += 1) {
        const difference = compareKeys(a.keys[index] ?? null, b.keys[index] ?? null, fields[index]?.sign ?? 1);
        if (difference !== 0) return difference;
      }
      return compareAscending(a.id, b.id);
    },
    fits: (keys): keys is readonly SortKey[] =>
      keys.length === fields.length &&
      keys.every((key, index) => key === null || typeof key === fields[index]?.rule.type),
  };
}

export function signatureOf(orderBy: readonly VmOrder[]): string {
  return orderBy.map(({ field, direction }) => `${field} ${direction}`).join(",");
}

function keyOf(rule: FieldRule, vm: Vm, usage: VmUsage | undefined): SortKey {
  if ("ofVm" in rule) return rule.ofVm(vm);
  return usage === undefined ? null : rule.ofUsage(usage);
}

function compareKeys(a: SortKey, b: SortKey, sign: number): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return sign * compareAscending(a, b);
}

/** Both are of one type. */
function compareAscending(a: string | number, b: string | number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
