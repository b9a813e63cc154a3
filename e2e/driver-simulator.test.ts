/** The driver's contract against simulated hosts of several releases, and one that takes no paths for vmids. */
import { type DriverUnderTest, driverContract } from "../server/esxi/driver.contract.ts";
import { type SimulatorOptions, startSimulator } from "../simulator/simulator.ts";
import { nodeConfigFor } from "./openssh/node-config.ts";
import { openDriver } from "./openssh/open-driver.ts";

for (const version of ["5.5.0", "6.5.0", "8.0.1", "9.0.0"] as const)
  driverContract(`the simulator, ESXi ${version}`, true, () => open({ version }));
driverContract("the simulator, a VM goes by its vmid only", true, () => open({ acceptsPaths: false }));

async function open(options: SimulatorOptions): Promise<DriverUnderTest> {
  const vms = [
    { name: "web", power: "ON", tools: "toolsOk" },
    { name: "db (old)", power: "OFF", tools: "toolsOk", note: "first line\nsecond line" },
    { name: "no tools", power: "ON", tools: "toolsNotInstalled" },
  ] as const;
  const simulator = await startSimulator({ delayMs: 0, taskMs: 20, guestMs: 20, hosts: [{ vms }], ...options });
  const [host] = simulator.hosts;
  if (host === undefined) throw new Error("no simulated host");
  const driver = openDriver(
    nodeConfigFor({
      address: host.address,
      port: host.port,
      username: host.username,
      identityFilePath: simulator.privateKeyPath,
      pins: host.hostKeyFingerprints(),
    }),
  );
  return {
    driver,
    control: {
      vms: async () => host.vms().map((vm) => ({ ...vm, hasTools: vm.tools === "toolsOk" })),
      async setPower(vmid, power) {
        if (power !== "UNKNOWN") host.setPower(vmid, power);
      },
      changes: async () =>
        simulator.actionLog.map(({ command, vmPath }) => `${command.replace("vmsvc/", "")} ${vmPath}`),
    },
    async close() {
      await driver.close();
      await simulator.close();
    },
  };
}
