/** What the simulator prints against what real hosts printed, byte by byte, where the captures are at hand. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { releaseOf } from "../release.ts";
import type { EsxiVersion } from "../words.ts";
import type { Vm } from "../world/vm.ts";
import type { DumpValue } from "./dump.ts";
import { array, bool, dump, none, num, object, ref, text, unset } from "./dump.ts";
import type { Fault } from "./fault.ts";
import {
  alreadyExists,
  canceled,
  invalidArgument,
  noSuchObject,
  noSuchVm,
  objectGone,
  wrongPowerState,
} from "./fault.ts";
import { getallvmsText, skippedText } from "./getallvms.ts";
import { asBlock, asCsv, asTable } from "./table.ts";

const folder = join(import.meta.dirname, "../../../shared/esxi/captures");
const hasCaptures = existsSync(folder);
const why = hasCaptures ? "" : " (no captures beside the project)";

/** Copies of captures lost the blanks at line ends, so both sides are compared without. */
function capture(name: string): string {
  return withoutTrailingBlanks(readFileSync(join(folder, name), "utf8"));
}

function withoutTrailingBlanks(lines: string): string {
  return lines.replaceAll(/[ \t]+$/gm, "").trimEnd();
}

const at = (fault: Fault, version: EsxiVersion): string => dump(fault.value, releaseOf(version));

describe.skipIf(!hasCaptures)(`faults${why}`, () => {
  test.each([
    ["power.getstate-notfound--esximanager--01.txt", "", at(noSuchVm("2"), "6.7.0")],
    ["registervm-notfound--apache-vcl--01.txt", "", at(noSuchObject(), "5.5.0")],
    ["registervm-exists--apache-vcl--01.txt", "", at(alreadyExists(51), "6.0.0")],
    ["registervm-invalidargument--packer-4869--01.txt", "", at(invalidArgument("pool"), "6.0.0")],
    [
      "power.on-already-on--apache-vcl--01.txt",
      "Powering on VM:\n",
      at(wrongPowerState("poweredOn", "poweredOn", true), "5.5.0"),
    ],
    [
      "power.off-already-off--apache-vcl--01.txt",
      "Powering off VM:\n",
      at(wrongPowerState("poweredOff", "poweredOff", true), "5.5.0"),
    ],
    [
      "power.reset-fail--esxi9-nitya--01.txt",
      "Reset VM:\nReset failed: ",
      at(wrongPowerState("poweredOn", "poweredOff", false), "9.0.0"),
    ],
    ["getallvms-fault--apache-vcl--01.txt", "", at(objectGone(ref("vim.VirtualMachine", "672")), "5.5.0")],
  ])("%s", (name, heading, printed) => {
    expect(withoutTrailingBlanks(heading + printed)).toBe(capture(name));
  });

  test("lines that end in a comma end in a blank after it, as the untouched capture of 9.0 has it", () => {
    const raw = readFileSync(join(folder, "power.reset-fail--esxi9-nitya--01.txt"), "utf8");
    const printed = at(wrongPowerState("poweredOn", "poweredOff", false), "9.0.0");
    expect(`Reset VM:\nReset failed: ${printed}\n`).toBe(raw);
  });
});

describe.skipIf(!hasCaptures)(`objects${why}`, () => {
  test("a fault within an object, classic form", () => {
    const lines = capture("task_info--apache-vcl--01.txt").split("\n");
    const error = dump(canceled().value, releaseOf("5.5.0"), 1).split("\n");
    const start = lines.findIndex((line) => line.startsWith("   error = "));
    expect(lines.slice(start, start + error.length).join("\n")).toBe(
      withoutTrailingBlanks(`   error = ${error.join("\n")},`),
    );
  });

  test("nested objects and arrays, modern form", () => {
    const hostPart: DumpValue = array("vim.host.SystemIdentificationInfo", [
      object("vim.host.SystemIdentificationInfo", [
        ["identifierValue", text("")],
        [
          "identifierType",
          object("vim.ElementDescription", [
            ["label", text("Asset Tag")],
            ["key", text("AssetTag")],
          ]),
        ],
      ]),
    ]);
    const printed = `      otherIdentifyingInfo = ${dump(hostPart, releaseOf("8.0.1"), 2)},`;
    expect(capture("hostsummary--klimov-jenkins--01.txt")).toContain(withoutTrailingBlanks(printed));
  });

  test("scalars", () => {
    const runtime = capture("get.runtime--lrivallain--01.txt");
    for (const [name, value] of [
      ["suspendTime", unset],
      ["suspendInterval", num(0)],
      ["onlineStandby", bool(false)],
      ["question", none("vim.vm.QuestionInfo")],
      ["host", ref("vim.HostSystem", "ha-host")],
    ] as const) {
      expect(runtime).toContain(`   ${name} = ${dump(value, releaseOf("5.5.0"))},\n`);
    }
  });
});

describe.skipIf(!hasCaptures)(`getallvms${why}`, () => {
  /** Rows of a capture as VMs: columns are three blanks apart and its notes are empty. */
  function vmsOf(name: string): Vm[] {
    const rows = capture(name)
      .split("\n")
      .filter((line) => /^\d/.test(line));
    return rows.map((row) => {
      const [vmid = "", vmName = "", path = "", guestId = "", hardwareVersion = "", note = ""] = row.split(/ {3,}/);
      const [, datastore, folderName, file] = /^\[(.*)\] (.*)\/(.*)$/.exec(path) ?? [];
      const vm = {
        vmid: Number(vmid),
        name: vmName,
        folder: folderName,
        file,
        guestId,
        hardwareVersion,
        note,
        invalid: false,
      };
      return { ...vm, datastore: { name: datastore } } as unknown as Vm;
    });
  }

  test.each([
    "getallvms--xpenology-ruby--01.txt",
    "getallvms--mono-notes--02.txt",
    "getallvms--klimov-jenkins--01-empty.txt",
    "getallvms--klimov-jenkins--03.txt",
    "getallvms--sanger-packer--01.txt",
  ])("%s", (name) => {
    expect(withoutTrailingBlanks(getallvmsText(vmsOf(name)))).toBe(capture(name));
  });

  test("with an invalid VM", () => {
    const vms = vmsOf("getallvms--esxi65-invalid-note--01.txt");
    const invalid = { ...vms[0], vmid: 6, invalid: true } as Vm;
    const printed = skippedText([invalid]) + getallvmsText([...vms, invalid]);
    expect(withoutTrailingBlanks(printed)).toBe(capture("getallvms--esxi65-invalid-note--01.txt"));
  });
});

describe.skipIf(!hasCaptures)(`esxcli${why}`, () => {
  const column = (name: string, type: "string" | "integer" | "boolean" = "string") => ({ name, type }) as const;

  test("a table, ruled by dashes", () => {
    const name = "storage-filesystem-list--homer-esximon--01.txt";
    const rows = capture(name)
      .split("\n")
      .slice(2)
      .map((line) => line.trim().split(/ {2,}/));
    const columns = [
      ...["Mount Point", "Volume Name", "UUID"].map((each) => column(each)),
      column("Mounted", "boolean"),
      column("Type"),
      column("Size", "integer"),
      column("Free", "integer"),
    ];
    expect(withoutTrailingBlanks(asTable(columns, rows))).toBe(capture(name));
  });

  test("a structure, an empty value leaving a blank", () => {
    const columns = ["Domain Name", "Fully Qualified Domain Name", "Host Name"].map((each) => column(each));
    const raw = readFileSync(join(folder, "esxcli-hostname-get--esxi9-nitya--01.txt"), "utf8");
    expect(asBlock(columns, ["", "esxi01nitya", "esxi01nitya"])).toBe(raw);
  });

  test("csv, every line ending in a comma", () => {
    const columns = [column("Name"), column("World ID", "integer"), column("Num Ports", "integer"), column("Networks")];
    const rows = [
      ["Windows_Server_2016_Template", "2205458", "1", "SAC SERVERS-10.134.206.0,"],
      ["sacsqldev14", "1894150", "1", "SAC SERVERS-10.134.206.0,"],
    ];
    expect(asCsv(columns, rows).trimEnd()).toBe(capture("esxcli-csv-network-vm-list--packer-7303--01.txt"));
  });
});
