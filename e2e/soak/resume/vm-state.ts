/** A VM as a client sees it, without what moves by itself: ages and usage. */

export const stateFields = `
  id vmid name node { name } powerState connectionState overallStatus bootTime toolsStatus toolsRunningStatus hostname
  ipAddress memorySizeMb numCpu numEthernetCards numVirtualDisks guestId guestFullName uuid instanceUuid hardwareVersion
  consolidationNeeded datastore datastorePath comment readError stale exceedsThreshold { cpu ram storage any }
  question { id text choices { key label default } }`;

export interface VmState {
  readonly id: string;
  readonly name: string;
  readonly powerState: string;
  readonly node: { readonly name: string };
  readonly stale: boolean;
}

export type VmStates = ReadonlyMap<string, VmState>;

/** The first few differences in words; empty: they are the same, field by field. */
export function differences(held: VmStates, fresh: VmStates): readonly string[] {
  const ids = new Set([...held.keys(), ...fresh.keys()]);
  return [...ids].flatMap((id) => {
    const [mine, theirs] = [JSON.stringify(held.get(id)), JSON.stringify(fresh.get(id))];
    return mine === theirs ? [] : [`held  ${mine ?? "nothing"}\nfresh ${theirs ?? "nothing"}`];
  });
}
