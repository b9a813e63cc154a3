import { afterEach, describe, expect, test } from "vitest";
import { startSimulator } from "../simulator.ts";
import type { TestClient } from "../test-client.ts";
import { connect, eventually } from "../test-client.ts";
import type { SimulatedHost, Simulator } from "../types.ts";
import type { EsxiVersion, SimulatorOptions } from "../words.ts";

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each[Symbol.asyncDispose]();
});

interface Lab {
  readonly simulator: Simulator;
  readonly host: SimulatedHost;
  readonly ssh: TestClient;
}

async function lab(more: SimulatorOptions = {}): Promise<Lab> {
  const vms = [
    { name: "on", vmid: 1, power: "ON" },
    { name: "off", vmid: 2 },
    { name: "bare", vmid: 3, power: "ON", tools: "toolsNotInstalled" },
    { name: "stubborn", vmid: 4, power: "ON", ignoresShutdown: true },
  ] as const;
  const simulator = await startSimulator({ hosts: [{ vms }], delayMs: 0, taskMs: 0, guestMs: 0, ...more });
  const [host] = simulator.hosts as [SimulatedHost];
  const ssh = await connect(host, simulator);
  opened.push(ssh, { [Symbol.asyncDispose]: () => simulator.close() });
  return { simulator, host, ssh };
}

describe("a power command brings about its state", () => {
  test.each([
    { command: "power.on", vmid: 2, stdout: "Powering on VM:\n", power: "ON" },
    { command: "power.off", vmid: 1, stdout: "Powering off VM:\n", power: "OFF" },
    { command: "power.suspend", vmid: 1, stdout: "Suspending VM:\n", power: "SUSPENDED" },
    { command: "power.shutdown", vmid: 1, stdout: "", power: "OFF" },
  ])("$command", async ({ command, vmid, stdout, power }) => {
    const { host, ssh, simulator } = await lab();
    expect(await ssh.exec(`vim-cmd vmsvc/${command} ${vmid}`)).toEqual({ stdout, stderr: "", exitCode: 0 });
    await eventually(() => host.vm(vmid).power === power);
    const { instanceUuid, path } = host.vm(vmid);
    const argv = ["vim-cmd", `vmsvc/${command}`, String(vmid)];
    expect(simulator.actionLog).toMatchObject([
      { host: host.name, command: `vmsvc/${command}`, argv, vmid, vmPath: path, instanceUuid },
    ]);
  });

  test("reset keeps the boot time and restarts the uptime; reboot too, by the guest", async () => {
    const { host, ssh } = await lab();
    const { bootTime } = host.vm(1);
    for (const command of ["power.reset", "power.reboot"]) {
      await eventually(() => (host.vm(1).uptimeSeconds ?? 0) >= 1);
      expect((await ssh.exec(`vim-cmd vmsvc/${command} 1`)).exitCode).toBe(0);
      await eventually(() => host.vm(1).uptimeSeconds === 0);
    }
    expect(host.vm(1)).toMatchObject({ power: "ON", bootTime });
  });

  test("a stubborn guest does not care", async () => {
    const { host, ssh } = await lab();
    expect((await ssh.exec("vim-cmd vmsvc/power.shutdown 4")).exitCode).toBe(0);
    await ssh.exec("vim-cmd vmsvc/power.shutdown 1");
    await eventually(() => host.vm(1).power === "OFF");
    expect(host.vm(4).power).toBe("ON");
  });
});

describe("a refusal reads as that release prints it, and changes nothing", () => {
  const classic =
    "Powering on VM:\n(vim.fault.InvalidPowerState) {\n   dynamicType = <unset>, \n   faultCause = (vmodl.MethodFault) null, \n" +
    '   requestedState = "poweredOn", \n   existingState = "poweredOn", \n' +
    '   msg = "The attempted operation cannot be performed in the current state (Powered On).", \n}\n';
  const modern =
    "Power on failed: (vim.fault.InvalidPowerState) {\n   faultCause = (vmodl.MethodFault) null, \n   faultMessage = <unset>, \n" +
    '   requestedState = "poweredOn", \n   existingState = "poweredOn"\n' +
    '   msg = "The attempted operation cannot be performed in the current state (Powered on)."\n}\n';
  test.each([
    ["5.5.0", classic, ""],
    ["6.0.0", "Powering on VM:\n", "Power on failed\n"],
    ["6.5.0", "Powering on VM:\n", "Power on failed\n"],
    ["7.0.3", "Powering on VM:\n", modern],
    ["9.0.0", "Powering on VM:\n", modern],
  ] as const)("%s", async (version, stdout, stderr) => {
    const { ssh, simulator } = await lab({ version: version as EsxiVersion });
    expect(await ssh.exec("vim-cmd vmsvc/power.on 1")).toEqual({ stdout, stderr, exitCode: 1 });
    expect(simulator.actionLog).toEqual([]);
  });

  test("no tools, no shutdown", async () => {
    const { ssh } = await lab();
    const { stdout, exitCode } = await ssh.exec("vim-cmd vmsvc/power.shutdown 3");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^\(vim.fault.ToolsUnavailable\) \{\n/);
    expect(stdout).toContain("Cannot complete operation because VMware Tools is not running in this virtual machine");
  });
});

describe("host tasks", () => {
  test("are listed, run on their own time, and tell how they ended", async () => {
    const { ssh, host } = await lab({ taskMs: 2000 });
    const ended = ssh.exec("vim-cmd vmsvc/power.on 2");
    let id = "";
    await eventually(async () => {
      const { stdout } = await ssh.exec("vim-cmd vmsvc/get.tasklist 2");
      id = /'vim\.Task:(haTask-2-vim\.VirtualMachine\.powerOn-\d+)'/.exec(stdout)?.[1] ?? "";
      return id !== "";
    });
    expect((await ssh.exec(`vim-cmd vimsvc/task_info ${id}`)).stdout).toContain('state = "running"');
    const second = await ssh.exec("vim-cmd vmsvc/power.on 2");
    expect(second.stderr).toContain("Operation failed since another task is in progress.");
    expect((await ended).exitCode).toBe(0);
    expect((await ssh.exec(`vim-cmd vimsvc/task_info ${id}`)).stdout).toContain('state = "success"');
    expect(host.vm(2).power).toBe("ON");
    const gone = await ssh.exec("vim-cmd vimsvc/task_info haTask-9");
    expect(gone.stdout).toContain("obj = 'vim.Task:haTask-9'\n   msg = \"The object has already been deleted");
    expect((await ssh.exec("vim-cmd vmsvc/get.tasklist 1")).stdout).toBe("(ManagedObjectReference) []\n");
  });

  test("a question blocks power.on until it is answered; cancelling fails it", async () => {
    const { ssh, host } = await lab();
    expect((await ssh.exec("vim-cmd vmsvc/message 2")).stdout).toBe("No message.\n");
    host.askAtPowerOn(2);
    const blocked = ssh.exec("vim-cmd vmsvc/power.on 2");
    await eventually(() => host.vm(2).question !== null);
    const { stdout } = await ssh.exec("vim-cmd vmsvc/message 2");
    expect(stdout).toMatch(/^Virtual machine message \d+:\nThis virtual machine might have been moved or copied\./);
    expect(stdout).toContain("   2. button.uuid.copiedTheVM (I Copied It) [default]\n");
    expect((await ssh.exec("vim-cmd vmsvc/get.summary 2")).stdout).toContain("question = (vim.vm.QuestionInfo) {");
    const id = host.vm(2).question?.id;
    expect((await ssh.exec(`vim-cmd vmsvc/message 2 ${id} 7`)).exitCode).toBe(1);
    expect((await ssh.exec(`vim-cmd vmsvc/message 2 ${id} 0`)).exitCode).toBe(0);
    expect(await blocked).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("The task was canceled by a user."),
    });
    expect(host.vm(2)).toMatchObject({ power: "OFF", question: null });
  });
});

describe("registrations", () => {
  test("a new vmid each time; an old one may become another VM's", async () => {
    const { ssh, host } = await lab();
    const [one, two] = [host.vm(1), host.vm(2)];
    const fresh = host.reregister(1);
    expect(fresh).toBeGreaterThan(4);
    expect((await ssh.exec("vim-cmd vmsvc/power.getstate 1")).exitCode).toBe(1);
    host.reregister(2, fresh);
    expect(host.vm(fresh).path).toBe(two.path);
    expect(host.vm(2).path).toBe(one.path);
    expect(await host.readFile("/etc/vmware/hostd/vmInventory.xml")).toContain(`<objID>${fresh}</objID>`);
  });

  test("unregister, write a .vmx, register: the VM is what the file says", async () => {
    const { ssh, host } = await lab();
    const { path } = host.vm(2);
    await ssh.exec("vim-cmd vmsvc/unregister 2");
    await ssh.exec(
      `cat > '${path}'`,
      'config.version = "8"\nvirtualHW.version = "20"\nguestOS = "debian12-64"\ndisplayName = "fresh"\nnumvcpus = "6"\nmemSize = "9000"\nannotation = "a|0Ab"\n',
    );
    const { stdout } = await ssh.exec(`vim-cmd solo/registervm '${path}'`);
    expect(stdout).toMatch(/^\d+\n$/);
    expect(host.vm(Number(stdout))).toMatchObject({ name: "fresh", numCpu: 6, memoryMb: 9000, note: "a\nb", path });
    const again = await ssh.exec(`vim-cmd solo/registervm '${path}'`);
    expect(again.exitCode).toBe(1);
    expect(again.stdout).toContain(`name = "${Number(stdout)}"\n   msg = "The specified key, name, or identifier`);
  });

  test("createdummyvm makes a folder, a .vmx and a disk", async () => {
    const { ssh, host } = await lab();
    const { stdout } = await ssh.exec("vim-cmd vmsvc/createdummyvm dummy /vmfs/volumes/datastore1");
    const { path } = host.vm(Number(stdout));
    expect((await ssh.exec(`ls '${path.replace(/\/[^/]+$/, "")}'`)).stdout).toBe(
      "dummy-flat.vmdk\ndummy.vmdk\ndummy.vmx\n",
    );
  });

  test("a copied folder has the same uuids under another path", async () => {
    const { host } = await lab();
    const copy = host.copyFolder(1, "on_copy");
    const { uuid, instanceUuid, path } = host.vm(1);
    expect(copy).toMatchObject({ uuid, instanceUuid, power: "OFF" });
    expect(copy.path).not.toBe(path);
  });
});
