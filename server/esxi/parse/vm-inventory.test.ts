import { describe, expect, test } from "vitest";
import { parseVmInventory } from "./vm-inventory.ts";

const entry = (id: string, path: string): string =>
  `  <ConfigEntry id="0001">\n    <objID>${id}</objID>\n    <secDomain/>\n    <vmxCfgPath>${path}</vmxCfgPath>\n  </ConfigEntry>\n`;
const inventory = (...entries: readonly string[]): string => `<ConfigRoot>\n${entries.join("")}</ConfigRoot>\n`;

describe("registered VMs", () => {
  test.each<[string, string, ReadonlyMap<number, string>]>([
    ["none", inventory(), new Map()],
    ["none, in short", "<ConfigRoot/>\n", new Map()],
    ["one", inventory(entry("7", "/vmfs/volumes/a/b c/b c.vmx")), new Map([[7, "/vmfs/volumes/a/b c/b c.vmx"]])],
    [
      "several, under a declaration",
      `<?xml version="1.0" encoding="UTF-8"?>\n${inventory(entry(" 12 ", "/v/a.vmx"), entry("3", "/v/b.vmx"))}`,
      new Map([
        [12, "/v/a.vmx"],
        [3, "/v/b.vmx"],
      ]),
    ],
    [
      "escaped characters, each once",
      inventory(entry("1", "/v/R&amp;D &lt;&quot;x&quot;&gt; it&apos;s &#233; &amp;lt;/x.vmx")),
      new Map([[1, `/v/R&D <"x"> it's é &lt;/x.vmx`]]),
    ],
  ])("%s", (_, text, paths) => {
    expect(parseVmInventory(text)).toEqual({ ok: paths });
  });
});

describe("failures", () => {
  const whole = inventory(entry("1", "/v/a.vmx"), entry("2", "/v/b.vmx"));

  test("cut anywhere", () => {
    for (let length = 0; length < whole.trimEnd().length; length += 1) {
      expect(parseVmInventory(whole.slice(0, length))).toHaveProperty("failed");
    }
  });

  test.each([
    ["a missing file", "cat: can't open '/etc/vmware/hostd/vmInventory.xml': No such file or directory\n"],
    ["another document", "<html><body>x</body></html>"],
    ["an entry without id", inventory("<ConfigEntry><vmxCfgPath>/v/a.vmx</vmxCfgPath></ConfigEntry>")],
    ["an entry without path", inventory("<ConfigEntry><objID>1</objID></ConfigEntry>")],
    ["an id that is no number", inventory(entry("1x", "/v/a.vmx"))],
    ["a path that is none", inventory(entry("1", "a.vmx"))],
    ["an id that comes twice", inventory(entry("1", "/v/a.vmx"), entry("1", "/v/b.vmx"))],
    ["entities of its own", `<!DOCTYPE x [<!ENTITY a "b">]>${inventory(entry("1", "/v/&a;.vmx"))}`],
    ["two documents", whole + whole],
  ])("%s", (_, text) => {
    expect(parseVmInventory(text)).toHaveProperty("failed");
  });
});
