/** Captures of esxcli and vmware. */
import { expect } from "vitest";
import { parseFilesystemList, parsePortGroupList, parseProcessList, parseVersion } from "../../esxcli.ts";
import { parseRows } from "../../esxcli-rows.ts";
import { type Check, type Checks, fails } from "./check.ts";

const rows =
  (column: string, values: readonly string[]): Check =>
  (text) => {
    const parsed = parseRows(text, [column]);
    expect("ok" in parsed ? parsed.ok.map((row) => row.get(column)) : parsed).toEqual(values);
  };

const version =
  (number: string, build: string | undefined): Check =>
  (text) => {
    expect(parseVersion(text)).toEqual({ ok: { version: number, build } });
  };

export const esxcliChecks: Checks = {
  "esxcli-vm-process-list--falcon--01.txt": (text) => {
    expect(parseProcessList(text)).toEqual({
      ok: [
        {
          name: "VMware vCenter Server Appliance",
          path: "/vmfs/volumes/64647e47-f74861a3-54af-c84bd699819a/VMware vCenter Server Appliance/VMware vCenter Server Appliance.vmx",
          worldId: 2102229,
          uuid: "564dc98d-872f-a668-b23b-999ffbdc76cd",
        },
        {
          name: "Router1-VYOS",
          path: "/vmfs/volumes/6459a379-ee2c0913-685e-1423f23d8fa0/Router1-VYOS/Router1-VYOS.vmx",
          worldId: 2140081,
          uuid: "4223f467-0676-9cf4-91c2-2f3d3fbf71bc",
        },
      ],
    });
  },
  "esxcli-vm-process-list--jiyiyun--01.txt": (text) => {
    const parsed = parseProcessList(text);
    expect("ok" in parsed ? parsed.ok.map((running) => [running.name, running.worldId, running.uuid]) : parsed).toEqual(
      [
        ["server08R2", 107654, "564dc4d7-deeb-7781-dc69-4e96d4c6184f"],
        ["CentOS7.6_mini", 1454883, "423baedc-5436-d8e3-9dd6-f1e0aba05cca"],
      ],
    );
  },
  "storage-filesystem-list--homer-esximon--01.txt": (text) => {
    const parsed = parseFilesystemList(text);
    const tail = "XXXXXXXXXXXX";
    expect(
      "ok" in parsed
        ? parsed.ok.map(({ name, uuid, capacityBytes, freeBytes }) => [name, uuid, capacityBytes, freeBytes])
        : parsed,
    ).toEqual([
      ["wdc_6t", `6314fb31-cbf77190-ea99-${tail}`, 6001143054336, 3758807318528],
      ["samsung_1t", `63972d60-cbc9a7ec-9a08-${tail}`, 980594720768, 979069042688],
      ["samsung_4t", `66d056dc-fbc56f2e-6914-${tail}`, 4000762036224, 1541203296256],
      ["hc550", `686e51e3-dabd1d5e-a799-${tail}`, 16000632225792, 11600314499072],
    ]);
    expect(
      "ok" in parsed &&
        parsed.ok.every(
          (store) => store.mounted && store.type === "VMFS-6" && store.mountPoint === `/vmfs/volumes/${store.uuid}`,
        ),
    ).toBe(true);
  },
  "storage-filesystem-list--cactus--01-rows.txt": fails(parseFilesystemList, "no such list"),
  "portgroup-list--asm-util-spec--01.txt": (text) => {
    expect(parsePortGroupList(text)).toEqual({
      ok: [
        { name: "ISCSI0", virtualSwitch: "vSwitch3", vlanId: 16 },
        { name: "ISCSI1", virtualSwitch: "vSwitch3", vlanId: 16 },
        { name: "Management Network", virtualSwitch: "vSwitch0", vlanId: 0 },
        { name: "Management Network (1)", virtualSwitch: "vSwitch0", vlanId: 28 },
        { name: "VM Network", virtualSwitch: "vSwitch0", vlanId: 0 },
        { name: "Workload Network", virtualSwitch: "vSwitch2", vlanId: 20 },
        { name: "vMotion", virtualSwitch: "vSwitch1", vlanId: 23 },
      ],
    });
  },
  "portgroup-list--mirror-doc--01.txt": (text) => {
    expect(parsePortGroupList(text)).toEqual({
      ok: [
        { name: "Management Network", virtualSwitch: "vSwitch0", vlanId: 0 },
        { name: "Mirror-Network", virtualSwitch: "vSwitch0", vlanId: 0 },
        { name: "SPAN-Monitoring-PG", virtualSwitch: "vSwitch-Mirror", vlanId: 4095 },
        { name: "VM Network", virtualSwitch: "vSwitch0", vlanId: 0 },
      ],
    });
  },
  "esxcli-system-version-get--esxi9-nitya--01.txt": version("9.0.0", "24755229"),
  "vmware-l--kuiper-notes--01.txt": version("6.7.0", undefined),
  "vmware-v--jiyiyun--01.txt": version("5.5.0", "3248547"),
  "vmware-v--vagrant-134--01.txt": version("8.0.0", "20513097"),
  "vmware-v-and-version-get--homer-esximon--01.txt": version("7.0.3", "24784741"),
  "esxcli-error-unknown--esxi9-nitya--01.txt": fails(parseProcessList, "Error: Unknown command or namespace"),
  "esxcli-storage-nfs-add-error--kuiper-notes--01.txt": fails(parseFilesystemList, "Unable to create new NAS volume"),
  "esxcli-csv-allowedip-list--apache-vcl--01.txt": rows("allowedipaddresses", [
    "152.1.4.152,10.25.7.2,10.25.11.104,10.25.0.241,10.25.0.242,10.25.0.243,10.25.0.244,10.25.0.245,10.25.0.246,10.25.1.178,",
    "All,",
  ]),
  "esxcli-csv-network-vm-list--packer-7303--01.txt": rows("networks", [
    "SAC SERVERS-10.134.206.0,",
    "SAC SERVERS-10.134.206.0,",
  ]),
  "esxcli-csv-ruleset-list--apache-vcl--01.txt": rows("enabled", ["true", "true", "true", "false"]),
  "esxcli-csv-ruleset-rule-list--apache-vcl--01.txt": rows("portend", ["22", "22", "65535", "2049"]),
  "esxcli-hostname-get--esxi9-nitya--01.txt": rows("domainname", [""]),
  "esxcli-ipv4-get--esxi9-nitya--01.txt": rows("gateway", ["172.30.30.1"]),
  "esxcli-load-get--jiyiyun--01.txt": rows("load15minutes", ["0.03"]),
  "esxcli-memory-get--homer-esximon--01.txt": rows("physicalmemory", ["137262243840 Bytes"]),
  "esxcli-network-nic-list--esxi9-nitya--01.txt": rows("description", [
    "VMware Inc. vmxnet3 Virtual Ethernet Controller",
  ]),
  "esxcli-network-nic-list--jiyiyun--01.txt": rows("description", [
    "Intel Corporation 82572EI Gigabit Ethernet Controller",
  ]),
  "esxcli-network-vm-list--homer-esximon--01.txt": rows("name", [
    "fnOS_2",
    "fnOS",
    "Docker",
    "Snapshot",
    "StreamGateway",
    "Componet",
    "WAF",
    "GitLabEE",
    "Nps",
    "fnOS_3",
    "GitLabRunner",
    "Npc",
    "OVH_US",
  ]),
  "esxcli-network-vm-port-list--homer-esximon--01.txt": rows("macaddress", ["00:0c:29:72:3f:e3", "00:0c:29:72:3f:ed"]),
  "esxcli-ntp-get--kuiper-notes--01.txt": rows("servers", ["1.nl.pool.org, 2.nl.pool.org, 3.nl.pool.org"]),
  "esxcli-platform-get--homer-esximon--01.txt": rows("vendorname", ["LENOVO"]),
  "esxcli-cpu-list--homer-esximon--01.txt": rows("corespeed", ["3503999654"]),
  "esxcli-route-list--jiyiyun--01.txt": rows("netmask", ["0.0.0.0", "255.255.255.0"]),
  "esxcli-storage-core-device-list--jiyiyun--01.txt": rows("devicetype", ["CD-ROM ", "Direct-Access "]),
  "esxcli-storage-nfs-list--kuiper-notes--01.txt": rows("hardwareacceleration", ["Not Supported"]),
  "esxcli-vmfs-extent-list--homer-esximon--01.txt": rows("volumename", [
    "wdc_6t",
    "samsung_1t",
    "samsung_4t",
    "hc550",
    "OSDATA-63972d60-b15becb2-68fc-XXXXXXXXXXXX",
  ]),
  "esxcli-vswitch-standard-list--homer-esximon--01.txt": rows("portgroups", ["VM Network, Management Network"]),
};
