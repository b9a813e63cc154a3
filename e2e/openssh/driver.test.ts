/** The driver's contract against OpenSSH with busybox ash, on hosts that take a VM's path for its vmid and on those that don't. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe } from "vitest";
import type { DriverUnderTest, HostVm } from "../../server/esxi/driver.contract.ts";
import { driverContract } from "../../server/esxi/driver.contract.ts";
import type { PowerState } from "../../server/model.ts";
import { datastoreMount, type StubVm } from "./esxi-texts.ts";
import { nameWithReason, whatIsMissing } from "./missing.ts";
import { addressOf, openDriver } from "./open-driver.ts";
import { startOpenSsh } from "./openssh.ts";

const vms: readonly StubVm[] = [
  { vmid: 1, name: "web", power: "on" },
  { vmid: 2, name: "db (old)", power: "off", note: "first line\nsecond line" },
  { vmid: 17, name: "no tools", power: "on", toolsRunning: false },
];

const stubPower = { ON: "on", OFF: "off", SUSPENDED: "suspended", UNKNOWN: "off" } as const;
const modelPower = { on: "ON", off: "OFF", suspended: "SUSPENDED" } as const;

describe.skipIf(whatIsMissing() !== undefined)(nameWithReason("under OpenSSH with busybox ash"), () => {
  driverContract("a VM goes by its path or its vmid", true, () => open({ acceptsPaths: true }));
  driverContract("a VM goes by its vmid only", true, () => open({ acceptsPaths: false }));
});

async function open({ acceptsPaths }: { readonly acceptsPaths: boolean }): Promise<DriverUnderTest> {
  const openssh = await startOpenSsh();
  const { world } = openssh;
  await world.setVms(vms);
  await world.setAcceptsPaths(acceptsPaths);
  const folder = join(world.root, datastoreMount, "ISO");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "an image.iso"), "0123456789");
  const driver = openDriver(openssh.nodeConfig());

  async function hostVm(vm: StubVm): Promise<HostVm> {
    const power: PowerState = modelPower[await world.power(vm.vmid)];
    return { ...addressOf(vm), name: vm.name, power, hasTools: vm.toolsRunning !== false };
  }
  return {
    driver,
    control: {
      vms: () => Promise.all(vms.map(hostVm)),
      setPower: (vmid, power) => world.setPower(vmid, stubPower[power]),
      changes: () => world.changes(),
    },
    async close() {
      await driver.close();
      await openssh.close();
    },
  };
}
