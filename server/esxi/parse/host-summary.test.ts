import { expect, test } from "vitest";
import { parseHostSummary, parseHostUptime } from "./host-summary.ts";
import { type DumpForm, object, printDump } from "./testing/print-dump.ts";

const hardware = object("vim.host.Summary.HardwareSummary", {
  vendor: "Maker",
  memorySize: 137262243840,
  cpuModel: "CPU  Model 9      ",
  cpuMhz: 3504,
  numCpuPkgs: 1,
  numCpuCores: 4,
  numCpuThreads: 8,
});
const quickStats = object("vim.host.Summary.QuickStats", {
  overallCpuUsage: 3915,
  overallMemoryUsage: 62806,
  uptime: 72306,
});

test.each<DumpForm>(["5.x", "6.0"])("size and load, in the %s form", (form) => {
  expect(parseHostSummary(printDump(object("vim.host.Summary", { hardware, quickStats }), form))).toEqual({
    ok: {
      hardware: {
        cpuModel: "CPU Model 9",
        cpuPackages: 1,
        cpuCores: 4,
        cpuThreads: 8,
        cpuMhz: 3504,
        memoryBytes: 137262243840,
      },
      cpuUsageMhz: 3915,
      memoryUsageBytes: 65856864256,
    },
  });
});

test("since when it runs, in seconds", () => {
  expect(parseHostUptime(printDump(object("vim.host.Summary", { hardware, quickStats }), "6.0"))).toEqual({
    ok: 72306,
  });
  expect(parseHostUptime(printDump(object("vim.host.Summary", { quickStats: null }), "6.0"))).toEqual({ ok: null });
  expect(parseHostUptime("Failed to login: Connection refused\n")).toHaveProperty("failed");
});

test("what is not told is unknown", () => {
  expect(parseHostSummary(printDump(object("vim.host.Summary", { hardware: null, quickStats: null }), "6.0"))).toEqual({
    ok: { hardware: undefined, cpuUsageMhz: undefined, memoryUsageBytes: undefined },
  });
});

test.each([
  ["nothing", ""],
  ["a part of it", "      memorySize = 137262243840,\n      cpuMhz = 3504,\n"],
  ["a cut text", printDump(object("vim.host.Summary", { hardware, quickStats }), "6.0").slice(0, -3)],
  ["another object", "(vim.vm.Summary) {\n   overallStatus = <unset>\n}\n"],
  ["a refused login", "Failed to login: Connection refused\n"],
])("%s is a failure", (_, text) => {
  expect(parseHostSummary(text)).toHaveProperty("failed");
});
