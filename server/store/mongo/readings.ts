/** Ages and readings in their collection: one document per node, written once in a while by the server that crawls it. */
import type { NodeName } from "../../model.ts";
import type { Pulse } from "../store.ts";
import type { Collections, ReadingsDocument } from "./documents.ts";
import { documentVersion } from "./documents.ts";
import type { State } from "./state.ts";

export interface Readings {
  /** This server committed it: it is this server's to write down. */
  hold(pulse: Pulse): void;
  /** Writes what was held since the last time. What fails to be written stays held. */
  flush(): Promise<void>;
}

export function createReadings({ readings }: Collections, state: () => State): Readings {
  let held = new Set<NodeName>();

  function documentOf(node: NodeName): ReadingsDocument {
    const { pulses, usages, vms, last } = state();
    const ofNode = [...usages.values()].filter(({ vmId }) => vms.get(vmId)?.vm.node === node);
    return { _id: node, v: documentVersion, seq: last.sequence, pulse: pulses.get(node) ?? null, usages: ofNode };
  }

  async function write(nodes: readonly NodeName[]): Promise<void> {
    const known = nodes.filter((node) => state().nodes.has(node));
    if (known.length === 0) return;
    await readings.bulkWrite(
      known.map((node) => ({
        replaceOne: { filter: { _id: node }, replacement: documentOf(node), upsert: true },
      })),
      { ordered: false },
    );
  }

  return {
    hold(pulse) {
      const { vms } = state();
      for (const { node } of pulse.nodes) held.add(node);
      for (const { vmId } of pulse.usages) {
        const node = vms.get(vmId)?.vm.node;
        if (node !== undefined) held.add(node);
      }
    },
    async flush() {
      const nodes = held;
      held = new Set();
      try {
        await write([...nodes]);
      } catch (thrown) {
        for (const node of nodes) held.add(node);
        throw thrown;
      }
    },
  };
}
