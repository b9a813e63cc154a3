import { describe, expect, test } from "vitest";
import { aNodeRow } from "../../inventory/testing.ts";
import { adviceFor, hostClientUrl, retryAt } from "./advice.ts";
import { capacitiesOf } from "./capacity.ts";

const pin = `SHA256:${"a+/Z".repeat(11).slice(0, 43)}`;

function advice(changes: Parameters<typeof aNodeRow>[0]) {
  return adviceFor(aNodeRow(changes));
}

describe("what to do about a node", () => {
  test("with an unknown host key: the very lines to add", () => {
    const statusMessage = `Node "esx01" shows a key. Add this line to "esx01" in hosts.yml: host_key: ${pin} (or this line to /etc/known: esx01 ssh-rsa AAA=)`;
    expect(advice({ status: "HOST_KEY_UNKNOWN", statusMessage }).snippets).toEqual([
      { where: expect.stringContaining('"esx01" in hosts.yml'), text: `host_key: ${pin}` },
      { where: "Or add to /etc/known", text: "esx01 ssh-rsa AAA=" },
    ]);
  });

  test("without a line in its message there is none to copy", () => {
    expect(advice({ status: "HOST_KEY_MISMATCH", statusMessage: "It is marked as revoked." }).snippets).toEqual([]);
    expect(advice({ status: "DEGRADED", statusMessage: "One VM can't be read." }).snippets).toEqual([]);
  });

  test("that refuses the login: when it may be asked again", () => {
    const since = { status: "AUTH_FAILED", statusSince: "2026-11-01T10:00:00.000Z" } as const;
    expect(retryAt(aNodeRow(since))).toBe(Date.parse("2026-11-01T10:15:00.000Z"));
    const statusMessage = 'Node "esx01" did not accept the login at 2026-11-01T11:00:00.000Z. ECoMan waits.';
    expect(retryAt(aNodeRow({ ...since, statusMessage }))).toBe(Date.parse("2026-11-01T11:15:00.000Z"));
    expect(retryAt(aNodeRow())).toBeUndefined();
  });

  test("its own page is on its address, and nowhere else", () => {
    expect(hostClientUrl("esx1.lab")).toBe("https://esx1.lab/ui/");
    expect(hostClientUrl("fe80::1")).toBe("https://[fe80::1]/ui/");
    expect(hostClientUrl("a b")).toBeNull();
  });
});

describe("how full a node is", () => {
  test("by cores, memory and its fullest datastore that is mounted", () => {
    const datastore = { uuid: "u", type: "VMFS-6", capacityBytes: 1e12, freeBytes: 1e11 };
    const datastores = [
      { ...datastore, name: "half", mounted: true, usedPercent: 50 },
      { ...datastore, name: "full", mounted: true, usedPercent: 90 },
      { ...datastore, name: "away", mounted: false, usedPercent: null },
    ];
    const exceedsThreshold = { cpu: false, memory: false, storage: true, any: true };
    const row = aNodeRow({ datastores, exceedsThreshold, cpuCores: 8, allocatedCpus: 12 });
    expect(capacitiesOf(row).map(({ key, text, isExceeded }) => [key, text, isExceeded])).toEqual([
      ["cpu", "1.5", false],
      ["memory", "13 %", false],
      ["storage", "90 %", true],
    ]);
  });

  test("is not told before it was read", () => {
    expect(capacitiesOf(aNodeRow({ cpuCores: null, memoryBytes: null }))).toEqual([]);
  });
});
