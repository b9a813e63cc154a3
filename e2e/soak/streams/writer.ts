/** Changes of everything a store tells of, drawn from a seed; each VM's change carries a number of its own. */

import type { Revision } from "../../../server/model.ts";
import { aNode, aNodePulse, aTask, aUsage, aVm } from "../../../server/store/contract/samples.ts";
import type { InventoryStore } from "../../../server/store/store.ts";
import type { Random } from "../../../simulator/random.ts";

export interface Writer {
  /** One change after the other for so long, in ms. */
  writeFor(ms: number): Promise<void>;
  /** When each revision was committed, by performance.now(). */
  readonly writtenAt: ReadonlyMap<Revision, number>;
}

export function createWriter(store: InventoryStore, random: Random): Writer {
  const writtenAt = new Map<Revision, number>();
  let count = 0;
  const anyVm = (): string => `vm-${random.between(1, 40)}`;

  const deeds: readonly (() => Promise<Revision | undefined>)[] = [
    () => store.apply({ vms: [aVm({ id: anyVm(), comment: `${count}` }), aVm({ id: anyVm(), comment: `${count}!` })] }),
    () => store.apply({ vms: [aVm({ id: anyVm(), comment: `${count}` })], removedVms: [anyVm()] }),
    () => store.apply({ nodes: [aNode({ name: "alpha", statusMessage: `${count}` })] }),
    () => store.apply({ removedVms: [anyVm()] }),
    async () => {
      const task = aTask({ id: `t${count}`, node: "alpha" });
      return (await store.createTask({ task, idempotencyKey: null, inputHash: "h" })).revision;
    },
    async () => {
      const usages = [aUsage({ vmId: anyVm(), uptimeSeconds: count })];
      await store.pulse({ nodes: [aNodePulse({ node: "alpha", cpuUsageMhz: count })], usages });
      return undefined;
    },
  ];

  return {
    writtenAt,
    async writeFor(ms) {
      const until = performance.now() + ms;
      while (performance.now() < until) {
        count += 1;
        const revision = await random.pick(deeds)();
        if (revision !== undefined && !writtenAt.has(revision)) writtenAt.set(revision, performance.now());
      }
    },
  };
}
