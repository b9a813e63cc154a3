import { describe, expect, test } from "vitest";
import { connect, eventually } from "../test-client.ts";
import { openLab } from "../test-lab.ts";

describe("a loss of power", () => {
  test("stops jobs where they are, empties /tmp, switches VMs off; files and registrations stay", async () => {
    const vms = [{ name: "on", power: "ON" }, { name: "off" }] as const;
    await using lab = await openLab({ hosts: [{ vms }], diskMs: 600_000 });
    const { host, ssh, simulator, volume } = lab;
    await ssh.sh(`mkdir ${volume}/web /tmp/job
( vmkfstools -c 1G -d thin ${volume}/web/web.vmdk >/tmp/job/log 2>&1; echo end >${volume}/web/end ) </dev/null >/dev/null 2>&1 &
( while :; do sleep 0.02; echo tick >>${volume}/web/ticks; done ) &`);
    await eventually(async () => (await ssh.exec(`ls ${volume}/web`)).stdout === "ticks\nweb-flat.vmdk\nweb.vmdk\n");
    await host.restartHost();
    await using again = await connect(host, simulator);
    const after = await again.sh(
      `ls -A /tmp; ls ${volume}/web; cat ${volume}/web/web.vmdk; vim-cmd vmsvc/power.getstate 1`,
    );
    expect(after.stdout).toBe(
      "ticks\nweb-flat.vmdk\nweb.vmdk\n# Disk DescriptorFile\nversion=1\nRetrieved runtime info\nPowered off\n",
    );
    const ticks = await host.readFile(`${volume}/web/ticks`);
    expect((await again.exec(`rm -f ${volume}/web/web.vmdk ${volume}/web/web-flat.vmdk; sleep 0.1`)).exitCode).toBe(0);
    expect(await host.readFile(`${volume}/web/ticks`)).toBe(ticks);
    expect(host.vms().map(({ name, power }) => [name, power])).toEqual([
      ["on", "OFF"],
      ["off", "OFF"],
    ]);
    expect(await host.readFile("/etc/vmware/hostd/vmInventory.xml")).toContain("<objID>2</objID>");
  });

  test("a power-on under way comes to nothing; the next one works", async () => {
    await using lab = await openLab({ hosts: [{ vms: [{ name: "off" }] }], taskMs: 300 });
    const { host, ssh, simulator } = lab;
    void ssh.exec("vim-cmd vmsvc/power.on 1");
    await eventually(async () => (await ssh.exec("vim-cmd vmsvc/get.tasklist 1")).stdout.includes("powerOn"));
    await host.restartHost();
    await using again = await connect(host, simulator);
    await again.exec("sleep 0.5");
    expect(host.vm(1).power).toBe("OFF");
    expect((await again.exec("vim-cmd vmsvc/power.on 1")).exitCode).toBe(0);
    expect(host.vm(1).power).toBe("ON");
  });

  test("it takes its time, and hostd may come back by and by", async () => {
    await using lab = await openLab({ hosts: [{ vms: [{ name: "a" }, { name: "b" }] }] });
    const { host, simulator } = lab;
    const whole = host.restartHost({ downMs: 200, hostd: { emptyMs: 400, halfMs: 0 } });
    await expect(connect(host, simulator)).rejects.toThrow();
    await eventually(async () => {
      try {
        await using client = await connect(host, simulator);
        return (await client.exec("vim-cmd vmsvc/getallvms")).stdout.split("\n").length === 2;
      } catch {
        return false;
      }
    });
    await whole;
    await using client = await connect(host, simulator);
    expect((await client.exec("vim-cmd vmsvc/getallvms")).stdout.split("\n").length).toBe(4);
  });
});

describe("two hosts of the same seed", () => {
  const options = { hosts: 1, vmsPerHost: 12, seed: 7 } as const;

  test("begin with the same files, byte by byte; another seed with others", async () => {
    await using one = await openLab(options);
    await using two = await openLab(options);
    await using other = await openLab({ ...options, seed: 8 });
    const files = await one.host.fileMap();
    expect(await two.host.fileMap()).toEqual(files);
    expect(await other.host.fileMap()).not.toEqual(files);
    expect(files["/tmp"]).toBe("folder");
    expect(files["/vmfs/volumes/datastore1"]).toBe(`link to ${one.volume.split("/").at(-1)}`);
    expect(Object.values(files)).toContainEqual(expect.stringMatching(/^file\n\.encoding = "UTF-8"\n/));
  });

  test("differ by what was done to one, and are the same when that is undone", async () => {
    await using one = await openLab(options);
    await using two = await openLab(options);
    const { ssh, volume, host } = one;
    await ssh.sh(
      `mkdir ${volume}/web; echo mine >${volume}/web/marker; vmkfstools -c 1G -d thin ${volume}/web/web.vmdk`,
    );
    const changed = await host.fileMap();
    expect(changed[`${volume}/web`]).toBe("folder");
    expect(changed[`${volume}/web/marker`]).toBe("file\nmine\n");
    expect(changed[`${volume}/web/web-flat.vmdk`]).toMatch(/^file of 1073741824 bytes\n/);
    await ssh.sh(`vmkfstools -U ${volume}/web/web.vmdk; rm -f ${volume}/web/marker; rmdir ${volume}/web`);
    expect(await host.fileMap()).toEqual(await two.host.fileMap());
  });
});
