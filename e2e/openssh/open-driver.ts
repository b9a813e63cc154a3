/** A driver over a kept shell, with everything around it in memory. */
import { systemClock } from "../../server/clock.ts";
import type { NodeConfig } from "../../server/config.ts";
import type { NodeDriver, VmAddress } from "../../server/esxi/driver.ts";
import { createEsxiDriver } from "../../server/esxi/esxi-driver.ts";
import { datastorePath, type StubVm, uuidOf, vmxPath } from "./esxi-texts.ts";
import { openShell } from "./open-shell.ts";

export function openDriver(config: NodeConfig): NodeDriver {
  return createEsxiDriver({ shell: openShell(config).shell, clock: systemClock, node: config.name });
}

/** What must be told of a VM for it to be acted on. */
export function addressOf(vm: StubVm): VmAddress {
  return { vmid: vm.vmid, path: vmxPath(vm), datastorePath: datastorePath(vm), uuid: uuidOf(vm) };
}
