/** Captures of objects. */
import { expect } from "vitest";
import { textAt, valueAt } from "../../dump-value.ts";
import { parseHostSummary } from "../../host-summary.ts";
import { parseSummary } from "../../summary.ts";
import { parseDump } from "../../typed-dump.ts";
import { type Check, type Checks, fails } from "./check.ts";

/** The tree has this type, and these texts at these paths. */
const dump =
  (type: string, values: Readonly<Record<string, unknown>>): Check =>
  (text) => {
    const parsed = parseDump(text);
    if ("failed" in parsed) throw new Error(parsed.failed);
    expect(parsed.ok.type).toBe(type);
    for (const [path, value] of Object.entries(values)) {
      expect({ [path]: valueAt(parsed.ok, ...path.split(".")) }).toEqual({ [path]: value });
    }
  };

const array = (type: string, length: number): unknown => ({
  kind: "array",
  type,
  items: expect.objectContaining({ length }),
});

export const dumpChecks: Checks = {
  "get.summary--apache-vcl--01.txt": (text) => {
    expect(parseSummary(text)).toEqual({
      ok: {
        vmid: 496,
        name: "vm-ark-mcnc-9 (nonpersistent: vmwarewinxp-base234-v12)",
        datastorePath: "[nfs-datastore] vm-ark-mcnc-9_234-v12/vm-ark-mcnc-9_234-v12.vmx",
        powerState: "ON",
        connectionState: "CONNECTED",
        overallStatus: "GREEN",
        bootTime: "2010-06-08T14:26:48.658Z",
        toolsStatus: "toolsOld",
        toolsRunningStatus: "guestToolsRunning",
        hostname: "APACHE-44896D77.dcs.mcnc.org",
        ipAddress: "152.46.16.235",
        memorySizeMb: 1024,
        numCpu: 1,
        numEthernetCards: 2,
        numVirtualDisks: 1,
        guestId: "winXPProGuest",
        guestFullName: "Microsoft Windows XP Professional (32-bit)",
        uuid: "564d36cf-6988-c91d-0f5f-a62628d46553",
        instanceUuid: null,
        hardwareVersion: null,
        consolidationNeeded: null,
        comment: "",
        question: null,
        overallCpuUsageMhz: 20,
        guestMemoryUsageMb: 40,
        hostMemoryUsageMb: 652,
        storageCommittedBytes: 4408509391,
        storageUncommittedBytes: 11697668096,
        uptimeSeconds: null,
      },
    });
  },
  "get.config--cn-vmwarecli--01-excerpt.txt": dump("vim.vm.ConfigInfo", {
    name: "test_192.168.0.70",
    annotation: "",
    "hardware.numCPU": 419,
    extraConfig: array("vim.option.OptionValue", 2),
    firmware: "bios",
  }),
  "get.devices-excerpt--cn-vmwarecli--01.txt": dump("vim.vm.VirtualHardware", {
    memoryMB: 4096,
    device: array("vim.vm.device.VirtualDevice", 4),
  }),
  "get.guest--klimov-jenkins--01.txt": dump("vim.vm.GuestInfo", {
    toolsStatus: "toolsNotInstalled",
    net: null,
    "screen.height": 768,
    "customizationInfo.errorMsg": null,
  }),
  "get.networks--cn-vmwarecli--01.txt": dump("vim.Network.Summary", {
    network: { kind: "reference", type: "vim.Network", id: "HaNetwork-VM Network" },
    ipPoolName: "",
  }),
  "get.runtime--lrivallain--01.txt": dump("vim.vm.RuntimeInfo", {
    powerState: "poweredOn",
    question: null,
    featureRequirement: array("vim.vm.FeatureRequirement", 3),
    vFlashCacheAllocation: 0,
  }),
  "datastore.listsummary--apache-vcl--01.txt": (text) => {
    const parsed = parseDump(text);
    const items = "ok" in parsed && parsed.ok.kind === "array" ? parsed.ok.items : [];
    expect(items.map((item) => textAt(item, "name"))).toEqual(["local-datastore", "nfs-datastore"]);
    expect(valueAt(items[1] ?? null, "datastore")).toEqual({
      kind: "reference",
      type: "vim.Datastore",
      id: "10.25.0.245:/vmfs/volumes/nfs-datastore",
    });
  },
  "disksearch--apache-vcl--01.txt": dump("vim.host.DatastoreBrowser.SearchResults", {}),
  "device.getdevices-usb--homer-esximon--01-excerpt.txt": fails(parseDump, "no object in"),
  "hostsummary--klimov-jenkins--01.txt": (text) => {
    expect(parseHostSummary(text)).toEqual({
      ok: {
        hardware: {
          cpuModel: "AMD Ryzen 7 5825U with Radeon Graphics",
          cpuPackages: 1,
          cpuCores: 8,
          cpuThreads: 8,
          cpuMhz: 1996,
          memoryBytes: 8589328384,
        },
        cpuUsageMhz: 60,
        memoryUsageBytes: 1850 * 1024 * 1024,
      },
    });
  },
  "hostsummary-grep--homer-esximon--01.txt": fails(parseHostSummary, "no object in"),
};
