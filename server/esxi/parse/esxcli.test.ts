import { describe, expect, test } from "vitest";
import { parseFilesystemList, parsePortGroupList, parseProcessList, parseVersion } from "./esxcli.ts";

describe("running VMs", () => {
  const running = {
    name: "web, one",
    path: "/vmfs/volumes/5f000001-00000002-0003-000000000004/web/web.vmx",
    worldId: 2102229,
    uuid: "564dc98d-872f-a668-b23b-999ffbdc76cd",
  };
  const csv = `ConfigFile,DisplayName,ProcessID,UUID,VMXCartelID,WorldID,\n${running.path},"web, one",0,56 4d c9 8d 87 2f a6 68-b2 3b 99 9f fb dc 76 cd,2102197,2102229,\n`;
  const block = `web, one\n   World ID: 2102229\n   Process ID: 0\n   VMX Cartel ID: 2102197\n   UUID: 56 4d c9 8d 87 2f a6 68-b2 3b 99 9f fb dc 76 cd\n   Display Name: web, one\n   Config File: ${running.path}\n`;

  test.each([
    ["csv", csv],
    ["csv of a terminal", csv.replaceAll("\n", "\r\n")],
    ["csv after a warning", `Warning: the clock is wrong\n${csv}`],
    ["blocks", block],
    ["a block without heading", block.slice(block.indexOf("\n") + 1)],
  ])("from %s", (_, text) => {
    expect(parseProcessList(text)).toEqual({ ok: [running] });
  });

  test("several", () => {
    const other = block.replaceAll("web, one", "Foo: bar").replace("2102229", "7");
    expect(parseProcessList(`${block}\n${other}`)).toEqual({
      ok: [running, { ...running, name: "Foo: bar", worldId: 7 }],
    });
  });

  test.each([
    ["a blank text", "\n"],
    ["a bare header", csv.slice(0, csv.indexOf("\n") + 1)],
  ])("none: %s", (_, text) => {
    expect(parseProcessList(text)).toEqual({ ok: [] });
  });

  test.each([
    ["an error", "Error: Unknown command or namespace vm process list\n\n"],
    ["a refused login", "Failed to login: Connection refused\n"],
    ["no hostd", "Connect to localhost failed: Connection failure.\n"],
    ["a line that was cut", csv.slice(0, -20)],
    ["a line with a cell too many", csv.replace(",0,", ",0,0,")],
    ["a world id that is no number", csv.replace("2102229,\n", "21022x9,\n")],
    ["a block that was cut", block.slice(0, block.indexOf("   Config"))],
    ["another list", "Name,VirtualSwitch,VLANID,\na,b,0,\n"],
  ])("a failure: %s", (_, text) => {
    expect(parseProcessList(text)).toHaveProperty("failed");
  });

  test("a UUID of another form is unknown", () => {
    expect(parseProcessList(csv.replace("56 4d", "xx"))).toMatchObject({ ok: [{ uuid: undefined }] });
  });
});

describe("datastores", () => {
  const fast = {
    name: "fast (ssd), new",
    mountPoint: "/vmfs/volumes/6314fb31-cbf77190-ea99-000000000001",
    uuid: "6314fb31-cbf77190-ea99-000000000001",
    type: "VMFS-6",
    mounted: true,
    capacityBytes: 6001143054336,
    freeBytes: 0,
  };
  const header = "Free,MountPoint,Mounted,Size,Type,UUID,VolumeName,\n";
  const line = `0,${fast.mountPoint},true,6001143054336,VMFS-6,${fast.uuid},"fast (ssd), new",\n`;

  test("from csv, without the host's own volumes", () => {
    const own = [
      `1,/vmfs/volumes/a,true,2,vfat,a,,`,
      `1,/vmfs/volumes/b,true,2,VFFS,b,OSDATA-b,`,
      `1,/vmfs/volumes/c,true,2,VMFSOS,c,OSDATA-c,`,
      `1,/vmfs/volumes/d,true,2,VMFS-L,d,LOCKER-d,`,
      `1,/vmfs/volumes/e,true,2,VMFS-6,e,BOOTBANK1,`,
    ].join("\n");
    expect(parseFilesystemList(`${header}${own}\n${line}`)).toEqual({ ok: [fast] });
  });

  test("a volume that is not mounted, one that can't be opened, and an NFS share", () => {
    const text = `Error getting data for filesystem on '/vmfs/volumes/z': Cannot open volume: /vmfs/volumes/z, skipping.\n${header},,false,,VMFS-unknown version,5f-1,,\n8,/vmfs/volumes/95e378c2-863dd2b4,true,9,NFS41,95e378c2-863dd2b4,share,\n`;
    expect(parseFilesystemList(text)).toEqual({
      ok: [
        {
          name: "5f-1",
          mountPoint: "/vmfs/volumes/5f-1",
          uuid: "5f-1",
          type: "VMFS-unknown version",
          mounted: false,
          capacityBytes: 0,
          freeBytes: 0,
        },
        {
          name: "share",
          mountPoint: "/vmfs/volumes/95e378c2-863dd2b4",
          uuid: "95e378c2-863dd2b4",
          type: "NFS41",
          mounted: true,
          capacityBytes: 9,
          freeBytes: 8,
        },
      ],
    });
  });

  const table = (name: string, pad: number): string =>
    [
      "Mount Point       Volume Name  UUID  Mounted  Type    Size  Free",
      "----------------  -----------  ----  -------  ------  ----  ----",
      `/vmfs/volumes/aa  ${name}${" ".repeat(pad)}  aa       true  VMFS-6    90     8`,
      `                               bb      false  VMFS-6     0     0`,
      "",
    ].join("\n");

  test.each([
    ["widths in characters", table("größer", 5)],
    ["widths in bytes", table("größer", 3)],
  ])("from a table, %s", (_, text) => {
    expect(parseFilesystemList(text)).toMatchObject({
      ok: [
        { name: "größer", uuid: "aa", capacityBytes: 90, freeBytes: 8, mounted: true },
        { name: "bb", mountPoint: "/vmfs/volumes/bb", mounted: false },
      ],
    });
  });

  test.each([
    ["a mounted volume without a size", `${header}${line.replace("6001143054336", "")}`],
    ["a volume that is mounted or not", `${header}${line.replace("true", "maybe")}`],
    ["rows without their header", line],
    ["columns that were shifted", table("größer", 4)],
  ])("a failure: %s", (_, text) => {
    expect(parseFilesystemList(text)).toHaveProperty("failed");
  });
});

test("port groups, from csv and from a table", () => {
  const groups = [
    { name: "VM Network", virtualSwitch: "vSwitch0", vlanId: 0 },
    { name: "trunk, all (2)", virtualSwitch: "vSwitch1", vlanId: 4095 },
  ];
  const csv =
    'ActiveClients,Name,VLANID,VirtualSwitch,\n15,VM Network,0,vSwitch0,\n0,"trunk, all (2)",4095,vSwitch1,\n';
  const table = [
    "Name            Virtual Switch  Active Clients  VLAN ID",
    "--------------  --------------  --------------  -------",
    "VM Network      vSwitch0                    15        0",
    "trunk, all (2)  vSwitch1                     0     4095",
    "",
  ].join("\n");
  expect(parsePortGroupList(csv)).toEqual({ ok: groups });
  expect(parsePortGroupList(table)).toEqual({ ok: groups });
  expect(parsePortGroupList("Error: hostd\n")).toHaveProperty("failed");
});

test.each([
  ["VMware ESXi 8.0.1 build-21813344\n", "8.0.1", "21813344"],
  ["VMware ESX 4.1.0 build-260247\n", "4.1.0", "260247"],
  ["VMware ESXi 6.7.0 Update 3\n", "6.7.0", undefined],
  ["   Product: VMware ESXi\n   Version: 9.0.0\n   Build: Releasebuild-24755229\n   Patch: 0\n", "9.0.0", "24755229"],
  ["Build,Patch,Product,Update,Version,\nReleasebuild-1,0,VMware ESXi,3,7.0.3,\n", "7.0.3", "1"],
])("version of %j", (text, version, build) => {
  expect(parseVersion(text)).toEqual({ ok: { version, build } });
});

test.each(["", "sh: vmware: not found\n", "   Version: new\n   Build: 1\n"])("no version in %j", (text) => {
  expect(parseVersion(text)).toHaveProperty("failed");
});
