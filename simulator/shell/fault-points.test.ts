import { describe, expect, test } from "vitest";
import { connect, eventually } from "../test-client.ts";
import { openLab, vmxText } from "../test-lab.ts";

describe("before a command acts", () => {
  test("hang: nothing is done until the rule is taken away", async () => {
    await using lab = await openLab();
    const { host, ssh, volume } = lab;
    const release = host.faults.add({ kind: "hang", match: "vmkfstools -c", resumes: true });
    const ended = ssh.exec(`vmkfstools -c 1G -d thin ${volume}/a.vmdk`);
    await ssh.exec("sleep 0.1");
    expect((await ssh.exec(`[ -e ${volume}/a.vmdk ]`)).exitCode).toBe(1);
    release();
    expect((await ended).exitCode).toBe(0);
  });

  test.each(["mkdir", "rm", "rmdir", "mv", "sync"])("kill and fail hit %s too", async (name) => {
    await using lab = await openLab();
    const { host, ssh } = lab;
    await ssh.exec("mkdir /tmp/x");
    const words = { mkdir: "/tmp/y", rm: "-r /tmp/x", rmdir: "/tmp/x", mv: "/tmp/x /tmp/y", sync: "" }[name] ?? "";
    host.faults.add({ kind: "kill", match: name, count: 1 });
    host.faults.add({ kind: "fail", match: name, text: "no\n", exitCode: 9 });
    expect(await ssh.exec(`${name} ${words}`)).toEqual({ stdout: "", stderr: "", exitCode: 137 });
    expect(await ssh.exec(`${name} ${words}`)).toEqual({ stdout: "", stderr: "no\n", exitCode: 9 });
    expect((await ssh.exec("ls /tmp")).stdout).toBe("x\n");
  });

  test("drop: the line is gone, and the command goes on", async () => {
    await using lab = await openLab();
    const { host, ssh, volume, simulator } = lab;
    await ssh.exec(`mkdir ${volume}/web; cat >${volume}/web/web.vmx`, vmxText());
    host.faults.add({ kind: "drop", match: "registervm", at: "before" });
    expect(await ssh.exec(`vim-cmd solo/registervm ${volume}/web/web.vmx`)).toEqual({
      stdout: "",
      stderr: "",
      exitCode: null,
    });
    await eventually(() => host.vms().length === 1);
    await using again = await connect(host, simulator);
    expect((await again.exec("vim-cmd vmsvc/getallvms")).stdout).toContain("web/web.vmx");
  });
});

describe("after it has acted", () => {
  test.each([
    ["the answer is lost with the line", { kind: "drop", at: "after" }, { stdout: "", exitCode: null }],
    ["it was killed in the end", { kind: "kill", at: "after" }, { stdout: "", exitCode: 137 }],
    ["it says that it failed", { kind: "fail", at: "after", text: "Aborted\n" }, { stdout: "", exitCode: 1 }],
    ["it is late", { kind: "slow", at: "after", ms: 200 }, { stdout: "1\n", exitCode: 0 }],
  ] as const)("%s", async (_, rule, expected) => {
    await using lab = await openLab();
    const { host, ssh, volume } = lab;
    await ssh.exec(`mkdir ${volume}/web; cat >${volume}/web/web.vmx`, vmxText());
    host.faults.add({ ...rule, match: "solo/registervm" });
    const ended = ssh.exec(`vim-cmd solo/registervm ${volume}/web/web.vmx`);
    await eventually(() => host.vms().length === 1);
    expect(await ended).toMatchObject(expected);
  });

  test("hang: done, and never told", async () => {
    await using lab = await openLab();
    const { host, ssh, volume } = lab;
    host.faults.add({ kind: "hang", match: "vmkfstools", at: "after" });
    const ended = ssh.exec(`vmkfstools -c 1G -d thin ${volume}/a.vmdk`);
    await eventually(async () => (await ssh.exec(`grep -c thin ${volume}/a.vmdk`)).stdout === "1\n");
    expect(await Promise.race([ended, ssh.exec("echo first")])).toMatchObject({ stdout: "first\n" });
  });
});

describe("in the middle of a disk", () => {
  test("kill leaves both files, half made", async () => {
    await using lab = await openLab();
    const { host, ssh, volume } = lab;
    host.faults.add({ kind: "kill", match: "vmkfstools -c", at: "middle" });
    const { stdout } = await ssh.sh(
      `( vmkfstools -c 1G -d thin ${volume}/a.vmdk; echo "code $?" ) >/tmp/log 2>&1; cat /tmp/log`,
    );
    expect(stdout).toBe("Create: 10% done.\rCreate: 20% done.\rCreate: 30% done.\rCreate: 40% done.\rcode 137\n");
    expect(await host.readFile(`${volume}/a.vmdk`)).toBe("# Disk DescriptorFile\nversion=1\n");
    expect((await ssh.exec(`ls ${volume}/a-flat.vmdk`)).exitCode).toBe(0);
  });

  test("drop cuts the line, and a job goes on to its end", async () => {
    await using lab = await openLab();
    const { host, ssh, volume, simulator } = lab;
    host.faults.add({ kind: "drop", match: "vmkfstools -c", at: "middle" });
    const { exitCode } = await ssh.sh(
      `( vmkfstools -c 1G -d thin ${volume}/a.vmdk; echo "code $?" ) </dev/null >/tmp/log 2>&1 &\nwait; echo never`,
    );
    expect(exitCode).toBeNull();
    await using again = await connect(host, simulator);
    await eventually(async () => (await again.exec("cat /tmp/log")).stdout.endsWith("100% done.\ncode 0\n"));
  });
});

test("the line is cut while a job works: the job goes on, polled later", async () => {
  await using lab = await openLab({ diskMs: 500 });
  const { host, ssh, volume, simulator } = lab;
  const first = ssh.sh(`mkdir /tmp/job
( vmkfstools -c 1G -d thin ${volume}/a.vmdk; echo $? >/tmp/job/code ) </dev/null >/tmp/job/log 2>&1 &
echo $! >/tmp/job/pid; wait; echo end`);
  await eventually(async () => (await ssh.exec("cat /tmp/job/log")).stdout.includes("20%"));
  host.dropConnections();
  expect((await first).exitCode).toBeNull();
  await using again = await connect(host, simulator);
  expect((await again.sh("kill -0 $(cat /tmp/job/pid) && echo runs")).stdout).toBe("runs\n");
  await eventually(async () => (await again.exec("cat /tmp/job/code")).stdout === "0\n");
  expect((await again.sh("cat /tmp/job/log; kill -0 $(cat /tmp/job/pid) 2>/dev/null || echo ended")).stdout).toMatch(
    /Create: 100% done\.\nended\n$/,
  );
});

test("a script of which only half came over the line is not run", async () => {
  await using lab = await openLab();
  const { host, ssh, simulator } = lab;
  const channel = await ssh.open("sh -s");
  channel.on("error", () => undefined);
  channel.write("{\nmkdir /tmp/half\n");
  await ssh.exec("true");
  host.dropConnections();
  await using again = await connect(host, simulator);
  await again.exec("sleep 0.1");
  expect((await again.exec("[ -e /tmp/half ]")).exitCode).toBe(1);
});
