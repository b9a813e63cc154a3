import { describe, expect, test } from "vitest";
import type { Datastore, Node, Vm } from "../../model.ts";
import { aNode, aVm } from "../../store/contract/samples.ts";
import { type CreateAsked, draftOf } from "./draft.ts";

const gib = 2 ** 30;

function datastore(name: string, more: Partial<Datastore> = {}): Datastore {
  const uuid = `uuid-${name}`;
  const sizes = { capacityBytes: 1000 * gib, freeBytes: 100 * gib };
  return { name, uuid, mountPoint: `/vmfs/volumes/${uuid}`, type: "VMFS-6", mounted: true, ...sizes, ...more };
}

const node: Node = aNode({
  name: "esx1",
  version: "8.0.1",
  hardware: { cpuModel: null, cpuPackages: 1, cpuCores: 4, cpuThreads: 8, cpuMhz: 2000, memoryBytes: 16 * gib },
  datastores: [datastore("ssd"), datastore("nas 1", { type: "NFS" }), datastore("BOOTBANK1", { type: "vfat" })],
  portGroups: [
    { name: "VM Network", virtualSwitch: "vSwitch0", vlanId: 0 },
    { name: "Lab (isolated)", virtualSwitch: "vSwitch1", vlanId: 7 },
  ],
  isoImages: [{ path: "/vmfs/volumes/ssd/iso/debian-12.11.0-amd64-netinst.iso", sizeBytes: 1 }],
  defaults: { datastorePath: "/vmfs/volumes/ssd/", isoPath: null, portGroup: "VM Network" },
});

function draft(asked: Partial<CreateAsked>, more: { node?: Partial<Node>; vms?: readonly Vm[] } = {}) {
  return draftOf({ node: "esx1", name: "web", ...asked }, { node: { ...node, ...more.node }, vms: more.vms ?? [] });
}

function faultsOf(asked: Partial<CreateAsked>, more: Parameters<typeof draft>[1] = {}) {
  return draft(asked, more).faults.map(({ code, path, message }) => [code, path.join("."), message] as const);
}

describe("what may be left out", () => {
  test("comes from hosts.yml, or has a default", () => {
    const { order, faults, unlistedIso } = draft({});
    expect(faults).toEqual([]);
    expect(unlistedIso).toBeNull();
    expect(order?.datastore.name).toBe("ssd");
    expect(order?.blueprint).toEqual({
      name: "web",
      numCpu: 1,
      memorySizeMb: 1024,
      diskSizeGb: 30,
      guestId: "otherLinux64Guest",
      hardwareVersion: 20,
      firmware: "BIOS",
      diskController: "pvscsi",
      ethernetCard: "vmxnet3",
      portGroup: "VM Network",
      isoPath: null,
      comment: "",
    });
  });

  test("without a default it is needed, and the choices are told", () => {
    const defaults = { datastorePath: null, isoPath: null, portGroup: null };
    expect(faultsOf({}, { node: { defaults } })).toEqual([
      ["INVALID_INPUT", "input.datastore", expect.stringContaining('It has: "ssd", "nas 1".')],
      ["INVALID_INPUT", "input.portGroup", expect.stringContaining('It has: "VM Network", "Lab (isolated)".')],
    ]);
  });

  test("an installation image chooses the guest; an empty text wants none", () => {
    const isoPath = "/vmfs/volumes/uuid-ssd/iso/debian-12.11.0-amd64-netinst.iso";
    const defaults = { ...node.defaults, isoPath };
    expect(draft({}, { node: { defaults } }).order?.blueprint).toMatchObject({ isoPath, guestId: "debian12_64Guest" });
    expect(draft({ isoPath: "" }, { node: { defaults } }).order?.blueprint).toMatchObject({ isoPath: null });
  });
});

describe("all that is wrong is told at once", () => {
  test("with the limit and the value given", () => {
    const asked = {
      name: "-rf",
      numCpu: 9,
      memorySizeMb: 1023,
      diskSizeGb: 98,
      datastore: "nowhere",
      isoPath: "/etc/passwd",
      portGroup: "VM network",
      guestId: "hal9000",
      comment: "x".repeat(4001),
    };
    expect(faultsOf(asked)).toEqual([
      ["INVALID_INPUT", "input.name", expect.stringMatching(/1 to 80 characters.*"-rf"/)],
      ["INVALID_INPUT", "input.numCpu", expect.stringMatching(/1 to 8 CPUs.*9 was given/)],
      ["INVALID_INPUT", "input.memorySizeMb", expect.stringMatching(/4 to 16384 MB in steps of 4.*1023 was given/)],
      ["INVALID_INPUT", "input.comment", expect.stringContaining("4001")],
      ["NOT_FOUND", "input.datastore", expect.stringContaining('"nowhere"')],
      ["INVALID_INPUT", "input.isoPath", expect.stringContaining('"/etc/passwd"')],
      ["NOT_FOUND", "input.portGroup", expect.stringContaining('"VM network"')],
      ["INVALID_INPUT", "input.guestId", expect.stringContaining('"hal9000"')],
    ]);
  });

  test.each([
    "",
    " web",
    "web ",
    "web.",
    ".",
    "..",
    ".hidden",
    "a/b",
    "a\nb",
    "a%",
    "a[b]",
    "x".repeat(81),
    "ünïcode",
    "a'b",
    "$(id)",
  ])("the name %j is refused", (name) => {
    expect(faultsOf({ name })).toMatchObject([["INVALID_INPUT", "input.name", expect.any(String)]]);
  });

  test.each(["a", "Web 01 (old) + more_x-y.z", "x".repeat(80), "0"])("the name %j is taken", (name) => {
    expect(faultsOf({ name })).toEqual([]);
  });

  test("a name that is taken, whatever its case, and a folder that holds another VM", () => {
    const vms = [
      aVm({ id: "1", name: "Web", vmid: 4 }),
      aVm({ id: "2", name: "renamed", path: "/vmfs/volumes/uuid-ssd/DB/db.vmx" }),
    ];
    expect(faultsOf({ name: "web" }, { vms })).toEqual([
      ["CONFLICT", "input.name", expect.stringContaining('"Web" already (vmid 4)')],
    ]);
    expect(faultsOf({ name: "db" }, { vms })).toEqual([
      ["CONFLICT", "input.name", expect.stringContaining('holds VM "renamed"')],
    ]);
    expect(faultsOf({ name: "db", datastore: "nas 1" }, { vms })).toEqual([]);
  });

  test("a disk larger than what is free, less a reserve and the VM's swap file", () => {
    expect(faultsOf({ diskSizeGb: 97 })).toEqual([]);
    expect(faultsOf({ diskSizeGb: 98 })).toEqual([
      ["OUT_OF_SPACE", "input.diskSizeGb", expect.stringMatching(/100 GB are free.*can have 97 GB; 98 was given/)],
    ]);
    expect(faultsOf({ diskSizeGb: 97, memorySizeMb: 2048 })[0]?.[0]).toBe("OUT_OF_SPACE");
    for (const diskSizeGb of [0, -1, 63_489]) expect(faultsOf({ diskSizeGb })[0]?.[0]).toBe("INVALID_INPUT");
  });
});

describe("places", () => {
  test.each(["ssd", "[ssd]", "uuid-ssd", "/vmfs/volumes/ssd", "/vmfs/volumes/ssd//", "/vmfs/volumes/uuid-ssd/"])(
    "the datastore goes by %j",
    (given) => expect(draft({ datastore: given }).order?.datastore.mountPoint).toBe("/vmfs/volumes/uuid-ssd"),
  );

  test.each(["BOOTBANK1", "SSD", "/vmfs/volumes/ssd/folder", "/vmfs/volumes/../etc", "/"])(
    "%j is no datastore for VMs",
    (given) => {
      expect(faultsOf({ datastore: given })).toMatchObject([["NOT_FOUND", "input.datastore", expect.any(String)]]);
    },
  );

  test("two datastores of one name are told apart by their path", () => {
    const datastores = [datastore("twin"), datastore("twin", { uuid: "u2", mountPoint: "/vmfs/volumes/u2" })];
    const message = expect.stringContaining("/vmfs/volumes/uuid-twin and /vmfs/volumes/u2");
    expect(faultsOf({ datastore: "twin" }, { node: { datastores } })).toEqual([
      ["INVALID_INPUT", "input.datastore", message],
    ]);
    expect(draft({ datastore: "/vmfs/volumes/u2" }, { node: { datastores } }).order?.datastore.uuid).toBe("u2");
  });

  test.each(["[ssd] iso/x.iso", "/vmfs/volumes/ssd/iso/x.iso", "/vmfs/volumes/uuid-ssd//iso/x.iso"])(
    "the image %j has one canonical path, and is asked for on the host",
    (given) => {
      expect(draft({ isoPath: given })).toMatchObject({
        unlistedIso: "/vmfs/volumes/uuid-ssd/iso/x.iso",
        order: { blueprint: { isoPath: "/vmfs/volumes/uuid-ssd/iso/x.iso" } },
      });
    },
  );

  test.each([
    "[ssd] ../x.iso",
    "[ssd] iso/./x.iso",
    "iso/x.iso",
    "[gone] x.iso",
    "[ssd] x.img",
    "[ssd] a\nb.iso",
    "/vmfs/volumes/ssd/",
  ])("the image %j is refused", (given) =>
    expect(faultsOf({ isoPath: given })).toMatchObject([["INVALID_INPUT", "input.isoPath", expect.any(String)]]),
  );
});

describe("the guest decides what it is given", () => {
  test.each([
    ["windows9_64Guest", "lsisas1068", "e1000e", "EFI"],
    ["windows7_64Guest", "lsisas1068", "e1000e", "BIOS"],
    ["ubuntu64Guest", "pvscsi", "vmxnet3", "BIOS"],
    ["otherGuest64", "lsilogic", "e1000e", "BIOS"],
  ])("%s: %s, %s, %s", (...[guestId, diskController, ethernetCard, firmware]) => {
    expect(draft({ guestId }).order?.blueprint).toMatchObject({ guestId, diskController, ethernetCard, firmware });
  });

  test("what the host tells of its guests counts before what is kept here, firmware included", () => {
    const guestSystems = [{ id: "ubuntu64Guest", fullName: "Ubuntu", firmware: "EFI" as const }];
    expect(draft({ guestId: "ubuntu64Guest" }, { node: { guestSystems } }).order?.blueprint.firmware).toBe("EFI");
    expect(faultsOf({ guestId: "otherGuest64" }, { node: { guestSystems } })[0]?.[1]).toBe("input.guestId");
    expect(
      draft({ guestId: "ubuntu64Guest", firmware: "BIOS" }, { node: { guestSystems } }).order?.blueprint.firmware,
    ).toBe("BIOS");
  });

  test("an id that is not kept here is left to a host that does not tell its guests", () => {
    expect(faultsOf({ guestId: "debian13_64Guest" })).toEqual([]);
  });
});
