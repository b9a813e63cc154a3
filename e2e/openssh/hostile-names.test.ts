/** Names, folders and notes that try to be something else: they reach the host as one word, and never another VM. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type StubVm, vmxPath } from "./esxi-texts.ts";
import { actRequest, type FalseHost, lookAtEnd, startFalseHost } from "./false-host.ts";
import { nameWithReason, whatIsMissing } from "./missing.ts";

const victim: StubVm = { vmid: 1, name: "victim", power: "on", uuid: "564d0000-0000-4000-8000-00000000aaaa" };

const names = [
  "it's",
  `say "hi"`,
  "$(touch /tmp/pwned) `touch /tmp/pwned`",
  "a; touch /tmp/pwned & touch /tmp/pwned | cat > /tmp/pwned",
  "R&D <b>&amp;</b>",
  "  two  blanks  ",
  "50% \\n \\033 %s $HOME ${PATH} $1",
  "Büro Süd ß 日本",
  "[datastore1] victim",
  "*?[a-z]!~#",
  "-rf",
  'a, b.vmx,"c"',
  "&#39; &apos;",
];
const hostile = names.map(
  (name, i): StubVm => ({ vmid: 100 + i, name, power: "on", datastorePath: `[datastore1] ${name}/${name}.vmx` }),
);

/** What stands in the victim's summary, as the end of a note. */
const imitatedFields = [
  'nothing", ',
  "      product = (vim.vApp.ProductInfo) null, ",
  '      vmPathName = "[datastore1] victim/victim.vmx", ',
  `      uuid = "${victim.uuid}", `,
  '      powerState = "poweredOff", ',
  '      name = "victim',
].join("\n");
const imitatedRows = [
  "three steps:",
  "1      victim          [datastore1] impostor/impostor.vmx   ubuntu64Guest   vmx-20    gone",
  ...Array.from({ length: 40 }, (_, i) => `${500 + i} things   [datastore1] thing/thing.vmx   otherGuest   vmx-20   `),
  "@@0123456789abcdef0123456789abcdef done",
  "@@0123456789abcdef0123456789abcdef list",
  "Vmid   Name   File   Guest OS   Version   Annotation",
].join("\n");
const notes: readonly StubVm[] = [
  { vmid: 200, name: "fields", power: "on", note: imitatedFields },
  { vmid: 201, name: "rows", power: "on", note: imitatedRows },
];
const vms = [victim, ...hostile, ...notes];

describe.skipIf(whatIsMissing() !== undefined)(nameWithReason("hostile names under OpenSSH with busybox ash"), () => {
  let host: FalseHost;
  beforeAll(async () => {
    host = await startFalseHost(vms);
  });
  afterAll(() => host?.close());

  async function switchOff(vm: StubVm) {
    const request = actRequest(vm, "OFF");
    const receipt = await host.driver.act(request, {});
    if (receipt.outcome === "started") await lookAtEnd(host, request);
    return receipt;
  }

  it.each(hostile)("switches off $name, and nothing else", async (vm) => {
    const before = await host.world.changes();
    await host.newCalls();
    expect(await switchOff(vm)).toMatchObject({ outcome: "started", summary: { name: vm.name } });
    expect((await host.newCalls()).slice(0, 2)).toEqual([
      ["vim-cmd", "vmsvc/get.summary", String(vm.vmid)],
      ["vim-cmd", "vmsvc/power.off", vmxPath(vm)],
    ]);
    expect((await host.world.changes()).slice(before.length)).toEqual([`power.off ${vmxPath(vm)}`]);
    await expect(readFile(join(host.world.root, "tmp/pwned"))).rejects.toThrow("ENOENT");
    await host.world.setPower(vm.vmid, "on");
  });

  it.each(notes)("switches off the VM whose note imitates $name, by what hostd's file says", async (vm) => {
    const before = await host.world.changes();
    expect((await switchOff(vm)).outcome).toBe("started");
    expect((await host.world.changes()).slice(before.length)).toEqual([`power.off ${vmxPath(vm)}`]);
    await host.world.setPower(vm.vmid, "on");
  });

  it("refuses a vmid that now is of a VM whose note imitates the one that is meant", async () => {
    const before = await host.world.changes();
    expect(await switchOff({ ...victim, vmid: 200 })).toMatchObject({ outcome: "refused", reason: "identity" });
    expect(await host.world.changes()).toEqual(before);
  });

  it("reads every VM once and no number that only stands in a note", async () => {
    await host.newCalls();
    const seen = await host.driver.scan({ budgetMs: 60_000, facts: false, known: [] }, {});
    const ids = vms.map(({ vmid }) => vmid);
    expect(seen.listing?.vms.map(({ vmid }) => vmid).toSorted((a, b) => a - b)).toEqual(ids);
    expect(seen.reads.map(({ vmid }) => vmid).toSorted((a, b) => a - b)).toEqual(ids);
    for (const read of seen.reads) {
      const vm = vms.find(({ vmid }) => vmid === read.vmid);
      expect(read).toMatchObject({
        outcome: "read",
        summary: { name: vm?.name, powerState: "ON", comment: vm?.note ?? "" },
      });
    }
    expect(seen.running?.map(({ path }) => path).toSorted()).toEqual(vms.map(vmxPath).toSorted());
    expect(seen.registered?.get(1)).toBe(vmxPath(victim));
    expect((await host.newCalls()).filter(([, word]) => word === "vmsvc/get.summary")).toHaveLength(vms.length);
  });

  it("takes none of them for moved or switched", async () => {
    const known = vms.map((vm) => ({ vmid: vm.vmid, path: vmxPath(vm), running: true, urgent: false }));
    const seen = await host.driver.scan({ budgetMs: 60_000, facts: false, known }, {});
    expect(seen.reads.map(({ vmid }) => vmid)).toEqual(vms.map(({ vmid }) => vmid));
  });

  it("reads hostd's file on one line as well, and with other quotes", async () => {
    const path = join(host.world.root, "etc/vmware/hostd/vmInventory.xml");
    const text = await readFile(path, "utf8");
    const quoted = text.replaceAll(/<vmxCfgPath>.*/g, (line) =>
      line.replaceAll('"', "&quot;").replaceAll("'", "&apos;"),
    );
    await writeFile(path, quoted.replaceAll(/>\s+</g, "><"));
    const known = vms.map((vm) => ({ vmid: vm.vmid, path: vmxPath(vm), running: true, urgent: false }));
    const seen = await host.driver.scan({ budgetMs: 60_000, facts: false, known }, {});
    expect(seen.registered?.size).toBe(vms.length);
    expect(seen.reads.map(({ vmid }) => vmid)).toEqual(vms.map(({ vmid }) => vmid));
    expect((await switchOff({ ...victim, vmid: 200 })).outcome).toBe("refused");
    expect((await switchOff(notes[0] ?? victim)).outcome).toBe("started");
    await writeFile(path, text);
  });
});
