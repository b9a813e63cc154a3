import type { NodeThresholds } from "../model.ts";

/** From when on a node is marked, unless hosts.yml says otherwise: 4 vCPUs per core, 90 % of memory, 90 % of a datastore. */
export const defaultNodeThresholds: NodeThresholds = { cpuRatio: 4, memoryPercent: 90, storagePercent: 90 };
