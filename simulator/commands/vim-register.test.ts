import { afterEach, describe, expect, test } from "vitest";
import { startSimulator } from "../simulator.ts";
import type { TestClient } from "../test-client.ts";
import { connect } from "../test-client.ts";
import type { SimulatedHost, Simulator } from "../types.ts";
import type { SimulatorOptions } from "../words.ts";

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each[Symbol.asyncDispose]();
});

interface Lab {
  readonly simulator: Simulator;
  readonly host: SimulatedHost;
  readonly ssh: TestClient;
  /** Writes the lines as web/web.vmx and registers it. */
  readonly register: (lines: Readonly<Record<string, string>>) => ReturnType<TestClient["exec"]>;
  readonly folder: string;
}

async function lab(more: SimulatorOptions = {}): Promise<Lab> {
  const simulator = await startSimulator({ hosts: [{ vms: [] }], delayMs: 0, taskMs: 0, diskMs: 0, ...more });
  const [host] = simulator.hosts as [SimulatedHost];
  const ssh = await connect(host, simulator);
  opened.push(ssh, { [Symbol.asyncDispose]: () => simulator.close() });
  const folder = `${(await ssh.exec("readlink -f /vmfs/volumes/datastore1")).stdout.trim()}/web`;
  await ssh.exec(`mkdir ${folder}`);
  const register = async (lines: Readonly<Record<string, string>>): ReturnType<TestClient["exec"]> => {
    const text = Object.entries(lines).map(([name, value]) => `${name} = "${value}"\n`);
    await ssh.exec(`cat >${folder}/web.vmx`, text.join(""));
    return ssh.exec(`vim-cmd solo/registervm ${folder}/web.vmx`);
  };
  return { simulator, host, ssh, register, folder };
}

const minimal = { "config.version": "8", "virtualHW.version": "10", displayName: "web", guestOS: "ubuntu-64" } as const;

describe("a registered VM is what its .vmx says", () => {
  test("name, note, sizes, guest, hardware, cards and disks", async () => {
    const { host, ssh, register } = await lab();
    const { stdout } = await register({
      ".encoding": "UTF-8",
      ...minimal,
      displayName: "Größe |22a|22 |7C",
      annotation: "first|0Asecond |C3|A9 $(id)",
      numVCPUs: "6",
      memSize: "8192",
      guestOS: "Debian12-64",
      "virtualHW.version": "19",
      "ethernet0.present": "TRUE",
      "ethernet1.present": "true",
      "ethernet2.present": "FALSE",
      "scsi0:0.present": "TRUE",
      "scsi0:0.fileName": "web.vmdk",
      "sata0:0.present": "TRUE",
      "sata0:0.deviceType": "cdrom-image",
      "sata0:0.fileName": "/vmfs/volumes/datastore1/iso/x.iso",
      "nvme0:0.present": "FALSE",
      "nvme0:0.fileName": "no.vmdk",
    });
    expect(stdout).toBe("1\n");
    expect(host.vm(1)).toMatchObject({
      name: 'Größe "a" |',
      note: "first\nsecond é $(id)",
      numCpu: 6,
      memoryMb: 8192,
      guestId: "debian12_64Guest",
      guestFullName: "Debian GNU/Linux 12 (64-bit)",
      hardwareVersion: "vmx-19",
      numNics: 2,
      numDisks: 1,
      power: "OFF",
    });
    const summary = (await ssh.exec("vim-cmd vmsvc/get.summary 1")).stdout;
    for (const line of [
      'guestId = "debian12_64Guest"',
      "numEthernetCards = 2",
      "numVirtualDisks = 1",
      'annotation = "first\n',
    ])
      expect(summary).toContain(line);
    expect((await ssh.exec("vim-cmd vmsvc/getallvms")).stdout).toContain(
      "[datastore1] web/web.vmx   debian12_64Guest   vmx-19",
    );
  });

  test("what it lacks is made and kept: uuids in the .vmx, an empty .vmsd", async () => {
    const { host, ssh, register, folder } = await lab();
    await register(minimal);
    const { uuid, instanceUuid } = host.vm(1);
    expect(host.vm(1)).toMatchObject({ numCpu: 1, memoryMb: 32, numNics: 0, numDisks: 0, note: "" });
    expect((await ssh.exec(`ls -A ${folder}`)).stdout).toBe("web.vmsd\nweb.vmx\nweb.vmxf\n");
    expect(await host.readFile(`${folder}/web.vmsd`)).toBe("");
    await ssh.exec(`vim-cmd vmsvc/unregister 1; vim-cmd solo/registervm ${folder}/web.vmx`);
    expect(host.vms()).toMatchObject([{ vmid: 2, uuid, instanceUuid }]);
  });

  test("the name given with the command goes before the file's", async () => {
    const { host, ssh, register, folder } = await lab();
    await register(minimal);
    await ssh.exec(`vim-cmd vmsvc/unregister 1; vim-cmd solo/registervm ${folder}/web.vmx other`);
    expect(host.vms()).toMatchObject([{ name: "other" }]);
  });
});

describe("what hostd refuses, on stdout, with 1", () => {
  test.each([
    {
      what: "hardware above its own",
      version: "6.5.0",
      change: { "virtualHW.version": "14" },
      text: "version 'vmx-14' is not supported",
    },
    {
      what: "a guest that came later",
      version: "6.7.0",
      change: { guestOS: "debian12-64" },
      text: "system 'debian12-64' is not supported",
    },
    {
      what: "a guest that nobody knows",
      version: "9.0.0",
      change: { guestOS: "ubuntu64Guest" },
      text: "system 'ubuntu64Guest' is not supported",
    },
    {
      what: "a file without config.version",
      version: "8.0.1",
      change: { "config.version": undefined },
      text: "no config.version",
    },
    {
      what: "a name given twice",
      version: "8.0.1",
      change: { DISPLAYNAME: "b" },
      text: "displayname is defined more than once",
    },
    { what: "memory of odd size", version: "8.0.1", change: { memSize: "1023" }, text: "multiple of 4 MB" },
  ] as const)("$what", async ({ version, change, text }) => {
    const { host, register } = await lab({ version });
    const lines = Object.entries({ ...minimal, ...change }).filter(([, value]) => value !== undefined);
    const { stdout, stderr, exitCode } = await register(Object.fromEntries(lines) as Record<string, string>);
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 1 });
    expect(stdout).toMatch(/^\(vim\.fault\.GenericVmConfigFault\) \{\n/);
    expect(stdout).toContain(text);
    expect(host.vms()).toEqual([]);
  });

  test.each(["5.5.0", "6.0.0", "6.5.0", "6.7.0", "7.0.3", "8.0.1", "9.0.0"] as const)(
    "but never its own hardware: %s",
    async (version) => {
      const newest = { "5.5.0": 10, "6.0.0": 11, "6.5.0": 13, "6.7.0": 14, "7.0.3": 19, "8.0.1": 20, "9.0.0": 22 }[
        version
      ];
      const { register } = await lab({ version });
      expect((await register({ ...minimal, "virtualHW.version": String(newest) })).stdout).toMatch(/^\d+\n$/);
    },
  );

  test("a path that is taken, and one where nothing lies", async () => {
    const { ssh, register, folder } = await lab();
    await register(minimal);
    const taken = await ssh.exec(`vim-cmd solo/registervm ${folder}/web.vmx`);
    expect(taken.stdout).toMatch(/^\(vim\.fault\.AlreadyExists\).*name = "1"\n/s);
    const nothing = await ssh.exec(`vim-cmd solo/registervm ${folder}/no.vmx`);
    expect(nothing).toMatchObject({ stdout: expect.stringContaining("(vim.fault.NotFound)"), exitCode: 1 });
  });

  test("a missing pool, where a rule says so", async () => {
    const { host, ssh, register, folder } = await lab({ version: "6.0.0" });
    host.faults.add({ kind: "needs-pool" });
    expect((await register(minimal)).stdout).toBe(
      '(vmodl.fault.InvalidArgument) {\n   faultCause = (vmodl.MethodFault) null, \n   invalidProperty = "pool", \n   msg = "A specified parameter was not correct: pool"\n}\n',
    );
    expect((await ssh.exec(`vim-cmd solo/registervm ${folder}/web.vmx web ha-root-pool`)).stdout).toBe("1\n");
  });
});

test("unregister keeps the files, and is refused while the VM runs", async () => {
  const { host, ssh, register, folder } = await lab();
  await register(minimal);
  host.setPower(1, "ON");
  expect((await ssh.exec("vim-cmd vmsvc/unregister 1")).stdout).toContain("vim.fault.InvalidPowerState");
  host.setPower(1, "OFF");
  expect((await ssh.exec("vim-cmd vmsvc/unregister 1")).exitCode).toBe(0);
  expect(host.vms()).toEqual([]);
  expect(await host.readFile("/etc/vmware/hostd/vmInventory.xml")).not.toContain("web.vmx");
  expect(await host.readFile(`${folder}/web.vmx`)).toContain('displayName = "web"');
});
