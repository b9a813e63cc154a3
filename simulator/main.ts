/** `npm run simulator`: starts a fleet, says how to reach it, and runs until it is told to stop. */
import { writeFileSync } from "node:fs";
import type { CliOptions } from "./cli-options.ts";
import { helpText, readCliOptions } from "./cli-options.ts";
import { startSimulator } from "./simulator.ts";
import type { Simulator } from "./types.ts";

async function main(): Promise<void> {
  const options = readCliOptions(process.argv.slice(2));
  if (options.help) return console.log(helpText);
  const simulator = await startSimulator(options.simulator);
  if (options.hostsYmlFile !== undefined) writeFileSync(options.hostsYmlFile, simulator.hostsYml());
  console.log(introduction(simulator, options));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void simulator.close().then(() => process.exit(0)));
  }
}

function introduction(simulator: Simulator, { hostsYmlFile }: CliOptions): string {
  const [first] = simulator.hosts;
  const ssh = "ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o IdentitiesOnly=yes";
  const tryIt = `${ssh} -i ${simulator.privateKeyPath} -p ${first?.port} root@127.0.0.1`;
  const hosts = simulator.hosts.map(
    (host) => `  ${host.name}  127.0.0.1:${host.port}  ESXi ${host.version}  ${host.vms().length} VMs`,
  );
  return [
    "Simulated ESXi hosts:",
    ...hosts,
    `Private key: ${simulator.privateKeyPath}   Password of root: ${first?.password}`,
    "",
    "Try:",
    `  ${tryIt} vim-cmd vmsvc/getallvms`,
    `  ${tryIt}`,
    "",
    hostsYmlFile === undefined
      ? `hosts.yml for ECoMan:\n\n${simulator.hostsYml()}`
      : `hosts.yml for ECoMan: ${hostsYmlFile}`,
    "Ctrl-C stops it.",
  ].join("\n");
}

try {
  await main();
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\nSee npm run simulator -- --help`);
  process.exitCode = 2;
}
