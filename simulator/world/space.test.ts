import { describe, expect, test } from "vitest";
import { openLab, vmxText } from "../test-lab.ts";

const full = "No space left on device";

describe("a full datastore", () => {
  test("takes no folder, and of a file what fits", async () => {
    await using lab = await openLab();
    const { host, ssh, volume } = lab;
    await ssh.exec(`mkdir ${volume}/web`);
    host.setFree("datastore1", 10);
    expect(await ssh.exec(`mkdir ${volume}/two`)).toEqual({
      stdout: "",
      stderr: `mkdir: can't create directory '${volume}/two': ${full}\n`,
      exitCode: 1,
    });
    const echoed = await ssh.sh(`echo 0123456789abcdef >${volume}/web/a; echo $?; cat ${volume}/web/a`);
    expect(echoed).toMatchObject({ stdout: "1\n0123456789", stderr: `sh: write error: ${full}\n` });
    const claimed = await ssh.sh(
      `( set -C; cat >${volume}/web/b ) <<'E'\ntext\nE\necho $?; stat -c %s ${volume}/web/b`,
    );
    expect(claimed).toMatchObject({ stdout: "1\n0\n", stderr: `cat: write error: ${full}\n` });
    const appended = await ssh.sh(`echo more >>${volume}/web/a; echo $?; cat ${volume}/web/a`);
    expect(appended.stdout).toBe("1\n0123456789");
    expect(host.freeOf("datastore1")).toBe(0);
    const away = await ssh.sh(
      `rm ${volume}/web/a; echo x >${volume}/web/c; echo $?; rm ${volume}/web/b ${volume}/web/c; rmdir ${volume}/web`,
    );
    expect(away).toEqual({ stdout: "0\n", stderr: "", exitCode: 0 });
    expect(host.freeOf("datastore1")).toBe(10 + 512);
  });

  test("shows in the list, and other datastores have room", async () => {
    await using lab = await openLab();
    const { host, ssh } = lab;
    host.setFree("datastore1", 0);
    const { stdout } = await ssh.exec("esxcli --formatter=csv storage filesystem list");
    expect(stdout.split("\n").find((line) => line.includes("datastore1"))).toMatch(/^0,/);
    expect((await ssh.exec("mkdir /vmfs/volumes/ssd_2t/web")).exitCode).toBe(0);
  });

  test.each([
    [0, ["Create", "web-flat.vmdk\nweb.vmdk\n"]],
    [1, ["Create", "web-flat.vmdk\nweb.vmdk\n"]],
    [5, ["Create: 40% done.\r", "web-flat.vmdk\nweb.vmdk\n"]],
  ] as const)("stops a disk after %i writes, and leaves what was made of it", async (writes, [progress, left]) => {
    await using lab = await openLab();
    const { host, ssh, volume } = lab;
    await ssh.exec(`mkdir ${volume}/web`);
    const before = host.freeOf("datastore1");
    host.fillAfter("datastore1", writes);
    const output = await ssh.sh(`vmkfstools -c 30G -d thin ${volume}/web/web.vmdk >/tmp/log; echo $?; cat /tmp/log`);
    expect(output.stdout).toContain(writes === 5 ? progress : "255\n");
    expect(output.stderr).toBe(
      "Failed to create virtual disk: There is not enough space on the file system for the selected operation (13).\n",
    );
    expect((await ssh.exec(`ls ${volume}/web`)).stdout).toBe(left);
    host.fillAfter("datastore1", null);
    await ssh.exec(`rm -f ${volume}/web/web.vmdk ${volume}/web/web-flat.vmdk`);
    expect(host.freeOf("datastore1")).toBe(before);
  });

  test("a thick disk needs all of it at once, a thin one next to nothing", async () => {
    await using lab = await openLab();
    const { host, ssh, volume } = lab;
    host.setFree("datastore1", 2 ** 30);
    expect((await ssh.exec(`vmkfstools -c 2G ${volume}/thick.vmdk`)).exitCode).toBe(255);
    expect((await ssh.exec(`vmkfstools -c 2G -d thin ${volume}/thin.vmdk`)).exitCode).toBe(0);
    expect(
      (await ssh.exec(`vmkfstools -c 1000M ${volume}/fits.vmdk; vmkfstools -U ${volume}/fits.vmdk`)).exitCode,
    ).toBe(0);
    expect(host.freeOf("datastore1")).toBeGreaterThan(2 ** 30 - 4096);
  });

  test("no room for the swap file: registered, but it does not start", async () => {
    await using lab = await openLab();
    const { host, ssh, volume } = lab;
    await ssh.exec(`mkdir ${volume}/web; vmkfstools -c 1G -d thin ${volume}/web/web.vmdk`);
    await ssh.exec(`cat >${volume}/web/web.vmx`, vmxText());
    host.setFree("datastore1", 0);
    expect((await ssh.exec(`vim-cmd solo/registervm ${volume}/web/web.vmx`)).stdout).toBe("1\n");
    const { stderr, exitCode } = await ssh.exec("vim-cmd vmsvc/power.on 1");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("Power on failed: (vim.fault.GenericVmConfigFault)");
    expect(stderr).toContain(full);
    expect(host.vm(1).power).toBe("OFF");
  });

  test("/tmp has its own room", async () => {
    await using lab = await openLab();
    lab.host.setFree("/tmp", 3);
    const { stdout, stderr } = await lab.ssh.sh("echo abcdef >/tmp/a; echo $?; cat /tmp/a");
    expect({ stdout, stderr }).toEqual({ stdout: "1\nabc", stderr: `sh: write error: ${full}\n` });
  });
});

describe("a datastore that has gone bad", () => {
  test("read-only: all is there and nothing can be changed", async () => {
    await using lab = await openLab();
    const { host, ssh, volume } = lab;
    await ssh.sh(`mkdir ${volume}/web; echo a >${volume}/web/a`);
    host.setMount("datastore1", "read-only");
    const { stdout, stderr } = await ssh.sh(
      `cat ${volume}/web/a; echo b >${volume}/web/a; echo $?; mkdir ${volume}/x; echo $?; rm -f ${volume}/web/a; echo $?; vmkfstools -c 1G ${volume}/x.vmdk; echo $?`,
    );
    expect(stdout).toBe("a\n1\n1\n1\n255\n");
    expect(stderr).toContain(`sh: can't create ${volume}/web/a: Read-only file system\n`);
  });

  test("dead: nothing is seen of it", async () => {
    await using lab = await openLab();
    const { host, ssh, volume } = lab;
    await ssh.exec(`mkdir ${volume}/web; cat >${volume}/web/web.vmx`, vmxText());
    host.setMount("datastore1", "dead");
    const { stdout } = await ssh.sh(
      `[ -e ${volume}/web ]; echo $?; mkdir ${volume}/x; echo $?; ls ${volume}; echo $?; vmkfstools -c 1G ${volume}/x.vmdk; echo $?`,
    );
    expect(stdout).toBe("1\n1\n2\n255\n");
    expect((await ssh.exec(`vim-cmd solo/registervm ${volume}/web/web.vmx`)).stdout).toContain("vim.fault.NotFound");
    host.setMount("datastore1", "writable");
    expect((await ssh.exec(`ls ${volume}/web`)).stdout).toBe("web.vmx\n");
  });
});
