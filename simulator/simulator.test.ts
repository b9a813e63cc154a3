import { statSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startSimulator } from "./simulator.ts";
import type { TestClient } from "./test-client.ts";
import { connect, eventually, hasOpenssh, openssh } from "./test-client.ts";
import type { SimulatedHost, Simulator } from "./types.ts";

describe("a host by hand", () => {
  let simulator: Simulator;
  let host: SimulatedHost;
  let ssh: TestClient;
  beforeAll(async () => {
    const vms = [
      { name: "web", vmid: 2, power: "ON", guestId: "ubuntu64Guest", note: "first line\n\nthird" },
      { name: "data base [old]", vmid: 10, folder: "db", guestId: "debian11_64Guest" },
      { name: "Müller", vmid: 3, folder: "mueller", datastore: "ssd_2t", guestId: "ubuntu64Guest" },
      { name: "broken", vmid: 4 },
    ] as const;
    simulator = await startSimulator({ hosts: [{ name: "esx01", vms }], delayMs: 0, taskMs: 0, guestMs: 0 });
    host = simulator.host("esx01");
    host.makeInvalid(4);
    ssh = await connect(host, simulator);
  });
  afterAll(async () => {
    await ssh[Symbol.asyncDispose]();
    await simulator.close();
  });

  test("getallvms: string order, centred headings, raw notes, cells padded by bytes, invalid VMs first", async () => {
    const expected = [
      "Skipping invalid VM '4'",
      "Vmid        Name                   File                 Guest OS       Version      Annotation    ",
      "10     data base [old]   [datastore1] db/db.vmx     debian11_64Guest   vmx-20                     ",
      "2      web               [datastore1] web/web.vmx   ubuntu64Guest      vmx-20    first line",
      "",
      "third",
      "3      Müller           [ssd_2t] mueller/mueller.vmx   ubuntu64Guest   vmx-20",
    ];
    const { stdout, exitCode } = await ssh.exec("vim-cmd vmsvc/getallvms");
    expect(exitCode).toBe(0);
    const lines = stdout.split("\n");
    expect(lines[0]).toBe(expected[0]);
    expect(lines.map((line) => line.slice(0, 6).trim())).toEqual(["Skippi", "Vmid", "10", "2", "", "third", "3", ""]);
    const [head = "", ten = "", two = "", , third = "", three = ""] = lines.slice(1);
    expect(ten.startsWith("10     data base [old]   [datastore1] db/db.vmx")).toBe(true);
    expect(two.endsWith("   first line")).toBe(true);
    const bytes = (line: string): number => Buffer.byteLength(line);
    expect(bytes(three)).toBe(bytes(ten));
    expect(bytes(head)).toBe(bytes(ten));
    expect(bytes(two) + 1 + 1 + bytes(third)).toBe(bytes(ten));
    expect(head.indexOf("Name")).toBe(7 + Math.floor((15 - 4) / 2));
  });

  test.skipIf(!hasOpenssh)("OpenSSH's client sees what ssh2's sees, and its exit code", async () => {
    const there = await openssh(host, simulator.privateKeyPath, ["root@127.0.0.1", "vim-cmd vmsvc/getallvms"]);
    expect(there).toEqual({ ...(await ssh.exec("vim-cmd vmsvc/getallvms")), stderr: "" });
    const gone = await openssh(host, simulator.ecdsaKeyPath, ["root@127.0.0.1", "vim-cmd vmsvc/power.getstate 77"]);
    expect(gone.exitCode).toBe(1);
    expect(gone.stdout).toBe(
      '(vim.fault.NotFound) {\n   faultCause = (vmodl.MethodFault) null, \n   faultMessage = <unset>\n   msg = "Unable to find a VM corresponding to "77""\n}\n',
    );
  });

  test("a .vmx path, under the datastore's name or UUID, stands for the vmid", async () => {
    const { path } = host.vm(2);
    const byName = await ssh.exec("vim-cmd vmsvc/power.getstate /vmfs/volumes/datastore1/web/web.vmx");
    expect(byName.stdout).toBe("Retrieved runtime info\nPowered on\n");
    expect(await ssh.exec(`vim-cmd vmsvc/power.getstate ${path}`)).toEqual(byName);
  });

  test("the inventory file names every registered VM, the invalid one too", async () => {
    const { stdout } = await ssh.exec("cat /etc/vmware/hostd/vmInventory.xml");
    const ids = [...stdout.matchAll(/<objID>(\d+)<\/objID>/g)].map((match) => match[1]);
    expect(ids).toEqual(["2", "3", "4", "10"]);
    expect(stdout).toContain(`<vmxCfgPath>${host.vm(10).path}</vmxCfgPath>`);
  });

  test("esxcli lists what runs, as blocks and as csv", async () => {
    const { path, worldId } = host.vm(2);
    const { stdout } = await ssh.exec("esxcli vm process list");
    expect(stdout).toContain(`web\n   World ID: ${worldId}\n   Process ID: 0\n`);
    expect(stdout).toContain(`   Display Name: web\n   Config File: ${path}\n`);
    const csv = await ssh.exec("esxcli --formatter=csv vm process list");
    expect(csv.stdout.split("\n")[0]).toBe("ConfigFile,DisplayName,ProcessID,UUID,VMXCartelID,WorldID,");
    expect(csv.stdout.split("\n")[1]).toMatch(/^\/vmfs\/volumes\/.*\/web\.vmx,web,0,56 4d .*,\d+,\d+,$/);
  });

  test("what a host has not is not found", async () => {
    for (const name of ["tr", "nohup", "bash", "setsid"]) {
      const { stderr, exitCode } = await ssh.exec(`${name} a`);
      expect({ stderr, exitCode }).toEqual({ stderr: `sh: ${name}: not found\n`, exitCode: 127 });
    }
  });

  test("hosts.yml pins both keys; the private key is the owner's alone", () => {
    const text = simulator.hostsYml();
    for (const fingerprint of host.hostKeyFingerprints()) expect(text).toContain(`- "${fingerprint}"`);
    expect(text).toContain(`port: ${host.port}`);
    expect(statSync(simulator.privateKeyPath).mode & 0o777).toBe(0o600);
  });

  test("files behind a datastore's name are found under its UUID", async () => {
    const listed = await ssh.exec("find /vmfs/volumes/datastore1/iso/ -name '*.iso'");
    expect(listed.stdout.split("\n").filter(Boolean)).toContain("/vmfs/volumes/datastore1/iso/WinSrv2022 eval.iso");
    const canonical = await ssh.exec("readlink -f /vmfs/volumes/datastore1/web/web.vmx");
    expect(canonical.stdout).toBe(`${host.vm(2).path}\n`);
    const { stdout } = await ssh.exec(`stat -c '%s' "${host.vm(2).path}"`);
    expect(Number(stdout)).toBe(Buffer.byteLength(await host.readFile(host.vm(2).path)));
  });

  test("a VM given by hand shows at once, one taken away is gone", async () => {
    const added = host.addVm({ name: "late", power: "SUSPENDED" });
    const state = await ssh.exec(`vim-cmd vmsvc/power.getstate ${added.vmid}`);
    expect(state.stdout).toBe("Retrieved runtime info\nSuspended\n");
    host.removeVm(added.vmid);
    expect((await ssh.exec(`vim-cmd vmsvc/power.getstate ${added.vmid}`)).exitCode).toBe(1);
    await eventually(async () => (await ssh.exec(`test -d ${added.path}`)).exitCode === 1);
  });
});
