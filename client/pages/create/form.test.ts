import { describe, expect, test } from "vitest";
import { aNodeRow, aVm } from "../../inventory/testing.ts";
import { faultsOf, type Scene } from "./checks.ts";
import { intentFor } from "./draft.ts";
import { fitOf } from "./fit.ts";
import { emptyForm, type Form, noImage, parseForm, printForm } from "./form.ts";
import { guestIdOf, toInput } from "./input.ts";

const gib = 2 ** 30;
const guests = [{ id: "debian12_64Guest", fullName: "Debian GNU/Linux 12 (64-bit)" }];
const datastores = [
  { name: "ssd", uuid: "u-1", type: "VMFS-6", mounted: true, capacityBytes: 100 * gib, freeBytes: 40 * gib },
  { name: "boot", uuid: "u-2", type: "vfat", mounted: true, capacityBytes: 900 * gib, freeBytes: 900 * gib },
  { name: "away", uuid: "u-3", type: "NFS", mounted: false, capacityBytes: 900 * gib, freeBytes: 900 * gib },
].map((datastore) => ({ ...datastore, usedPercent: 60 }));
const node = aNodeRow({ cpuThreads: 8, cpuCores: 4, allocatedCpus: 4, memoryBytes: 16 * gib, datastores });

function form(changes: Partial<Form>): Form {
  return { ...emptyForm, node: "esx01", name: "web", ...changes };
}

function faults(changes: Partial<Form>, scene: Partial<Scene> = {}) {
  return faultsOf(form(changes), { node, vms: [aVm({ name: "Db" })], guests, ...scene }, true);
}

describe("the address", () => {
  test("holds every field but the comment, and gives them back", () => {
    const full = form({
      cpu: "2",
      memory: "2048",
      disk: "50",
      datastore: "nas 1",
      iso: "[ssd] iso/ä & ö.iso",
      portGroup: "Lab <b>",
      guest: "debian12_64Guest",
      firmware: "EFI",
      powerOn: true,
    });
    expect(parseForm(printForm(full))).toEqual(full);
    expect(printForm(form({ comment: "x".repeat(4000) }))).toBe("node=esx01&name=web");
  });

  test("may be mistyped", () => {
    expect(parseForm("firmware=coreboot&powerOn=1&cpu=")).toEqual({ ...emptyForm, cpu: "" });
    expect(parseForm("firmware=efi&comment=a%20b")).toMatchObject({ firmware: "EFI", comment: "a b" });
  });
});

describe("what is checked while somebody types", () => {
  test.each([
    ["", /Give it a name/],
    ["x".repeat(81), /up to 80 characters; this one has 81/],
    ["-web", /begins with a letter or a digit/],
    ["we/b", /“\/” can't be in a name/],
    ["web😀", /“😀” can't be in a name/],
    ["web.", /does not end with/],
    ["dB", /has a VM “Db” already/],
  ])("the name %j", (name, fault) => {
    expect(faults({ name }).name).toMatch(fault);
  });

  test("a name that is taken elsewhere, and one with all that it may have, are well", () => {
    expect(faults({ name: "db" }, { vms: [aVm({ name: "db", node: { name: "esx02" } })] })).toEqual({});
    expect(faults({ name: "1 Web._()+-x" })).toEqual({});
  });

  test.each([
    [{ cpu: "0" }, "cpu"],
    [{ cpu: "9" }, "cpu"],
    [{ cpu: "1.5" }, "cpu"],
    [{ cpu: "9999999999" }, "cpu"],
    [{ memory: "1023" }, "memory"],
    [{ memory: "16388" }, "memory"],
    [{ disk: "" }, "disk"],
    [{ disk: "63489" }, "disk"],
    [{ iso: " " }, "iso"],
    [{ iso: "/tmp/x.iso" }, "iso"],
    [{ iso: "[ssd] x.img" }, "iso"],
    [{ guest: "debian99" }, "guest"],
    [{ comment: "x".repeat(4001) }, "comment"],
    [{ node: "" }, "node"],
  ] as const)("%j", (changes, field) => {
    expect(Object.keys(faults(changes))).toEqual([field]);
  });

  test("what is still empty is no fault before it is asked for", () => {
    expect(faultsOf(emptyForm, { node: undefined, vms: [], guests: [] }, false)).toEqual({});
  });
});

describe("what is asked for", () => {
  test("leaves out what hosts.yml and the server know", () => {
    expect(toInput(form({}), guests)).toEqual({
      node: "esx01",
      name: "web",
      numCpu: 1,
      memorySizeMb: 1024,
      diskSizeGb: 30,
      powerOn: false,
    });
    expect(toInput(form({ iso: noImage }), guests)).toMatchObject({ isoPath: "" });
    expect(toInput(form({ guest: "debian gnu/linux 12 (64-bit)" }), guests)).toMatchObject({
      guestId: "debian12_64Guest",
    });
  });

  test("takes any guest where the node tells none", () => {
    expect(guestIdOf(" someGuest ", [])).toBe("someGuest");
    expect(guestIdOf("someGuest", guests)).toBeUndefined();
  });

  test("keeps its key until something of it changes", () => {
    const first = intentFor(form({}), undefined);
    expect(intentFor(form({}), first)).toBe(first);
    expect(intentFor(form({ comment: "x" }), first).key).not.toBe(first.key);
  });
});

describe("a node", () => {
  test("says what it has free, and what it lacks", () => {
    expect(fitOf(node, form({}))).toMatchObject({
      lacks: [],
      warnings: [],
      storage: expect.stringContaining("on ssd"),
    });
    expect(fitOf(node, form({ cpu: "12" })).lacks).toEqual(["4 threads too few"]);
    expect(fitOf(node, form({ memory: "17408", disk: "1" })).lacks).toEqual(["1 GB of memory too little"]);
    expect(fitOf(node, form({ disk: "50" })).lacks).toEqual(["13 GB of storage too little"]);
    expect(fitOf({ ...node, datastores: [] }, form({})).lacks).toEqual(["no datastore for VMs"]);
  });

  test("that does not answer takes none, and one that gets too full warns", () => {
    expect(fitOf({ ...node, status: "UNREACHABLE" }, form({})).lacks).toEqual(["Unreachable"]);
    expect(fitOf({ ...node, allocatedCpus: 15 }, form({})).warnings).toEqual(["4 vCPUs per core, marked from 4 on"]);
  });
});
