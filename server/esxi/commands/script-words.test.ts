/** No script holds what the shell of an ESXi host may lack; that they run there is shown under OpenSSH with busybox ash. */
import { describe, expect, it } from "vitest";
import { powerActions } from "../../model.ts";
import type { CreationOrder, CreationStep } from "../creation.ts";
import type { ActRequest } from "../driver.ts";
import { createActScript } from "./act-script.ts";
import { createSightScript } from "./creation/sight-script.ts";
import { createStepScript } from "./creation/step-script.ts";
import { createFenceScript } from "./fence-script.ts";
import { createIsoScript, isoPlaces } from "./iso-script.ts";
import { createForgetScript, createLookScript } from "./look-script.ts";
import { createOptionsScript } from "./options-script.ts";
import { createFallbackScript, createReadScript, createScanScript } from "./scan-script.ts";

const vm = {
  vmid: 1,
  path: "/vmfs/volumes/64a1b2c3-d4e5f607-1829-0050568a0001/web/web.vmx",
  datastorePath: "[datastore1] web/web.vmx",
  uuid: "564d0000-0000-4000-8000-000000000001",
};
const acts: readonly ActRequest["act"][] = [
  ...powerActions.map((action) => ({ kind: "power", action }) as const),
  { kind: "answer", questionId: "1", choiceKey: "2", choiceLabel: "I Copied It" },
];
const known = [{ vmid: 1, path: vm.path, running: true, urgent: false }];
const isoRequest = { folders: ["/vmfs/volumes/a/b"], mountPoints: ["/vmfs/volumes/a"] };
const order: CreationOrder = {
  jobId: "job-1",
  mountPoint: "/vmfs/volumes/64a1b2c3-d4e5f607-1829-0050568a0001",
  blueprint: {
    name: "new",
    numCpu: 1,
    memorySizeMb: 4,
    diskSizeGb: 1,
    guestId: "otherLinux64Guest",
    hardwareVersion: 13,
    firmware: "BIOS",
    diskController: "lsilogic",
    ethernetCard: "e1000e",
    portGroup: "VM Network",
    isoPath: null,
    comment: "",
  },
};
const steps: readonly CreationStep[] = ["claim", "disk", "configure", "register", "finish", "undo"];

const scripts = [
  ["scan with facts", createScanScript({ budgetMs: 5_000, facts: true, known })],
  ["first scan", createScanScript({ budgetMs: 5_000, facts: false, known: [] })],
  ["fallback", createFallbackScript()],
  ["targeted read", createReadScript([1, 2, 3])],
  ["ISO listing", createIsoScript(isoPlaces(isoRequest), 5)],
  ["config options", createOptionsScript()],
  ["fence", createFenceScript("act-1")],
  ["forget", createForgetScript(["act-1", "act-2"])],
  ["creation's sight", createSightScript(order, "act-1")],
  ...steps.map((step) => {
    const act = { step, actId: "act-1", mayBeRegistered: true };
    return [`creation's ${step}`, createStepScript(order, act)] as const;
  }),
  ...acts.flatMap((act) => {
    const request = { actId: "act-1", vm, act, expectedPowerState: "ON" } as const;
    const name = act.kind === "power" ? act.action : "answer";
    return [[`act ${name}`, createActScript(request)] as const, [`look ${name}`, createLookScript(request)] as const];
  }),
] as const;

const missing =
  "command tr umask nohup setsid base64 timeout seq xargs cut tee tac xxd od mktemp realpath truncate fallocate install " +
  "local declare typeset readarray mapfile let source";

/** Each is no POSIX shell. awk's own `function name(args) {` is not one of them. */
const bashisms = {
  "[[": /\[\[ /,
  "function keyword": /^\s*function\s+\w+\s*(\(\s*\))?\s*\{/m,
  array: /^\s*\w+=\(/m,
  "array element": /\$\{\w+\[/,
  "process substitution": /[<>]\(/,
  "here-string": /<<</,
  "&> or |&": /&>|\|&/,
  "== in a test": /\[ [^\]\n]* == /,
  "ANSI-C quoting": /\$'/,
  "brace expansion": /\{\d+\.\.\d+\}/,
  "substitution in a variable": /\$\{\w+(\/|\^|,|:\d)/,
};

describe.each(scripts)("the script of: %s", (_name, { text }) => {
  it("calls nothing that a host may lack", () => {
    const found = missing.split(" ").filter((word) => new RegExp(`(^|[\\s;|&({])${word}(\\s|$)`, "m").test(text));
    expect(found).toEqual([]);
  });

  it("is no bash", () => {
    expect(Object.entries(bashisms).filter(([, pattern]) => pattern.test(text))).toEqual([]);
  });

  it("gives no command of the host its own stdin", () => {
    const calls = text
      .split("\n")
      .filter((line) => /(?:^|[\s(])(vim-cmd|esxcli|localcli|vmkfstools|vmware) /.test(line));
    const open = calls.filter(
      (line) => !line.includes("</dev/null") && !/\bsection /.test(line) && !line.startsWith("which"),
    );
    expect(open).toEqual([]);
  });
});

describe.each(scripts.filter(([, { text }]) => /mkdir "\$(act|folder)"[^]* 2>&1 &\n/.test(text)))(
  "once its name is taken: %s",
  (_name, { text }) => {
    it("prints nothing before what it does runs: a cut line would end it there, with nothing done", () => {
      const taken = text.slice(text.search(/mkdir "\$(act|folder)"/));
      const untilItRuns = taken.slice(0, taken.indexOf(" 2>&1 &\n"));
      expect(untilItRuns.split("\n").filter((line) => /^(print_section|section|begin|end) /.test(line.trim()))).toEqual(
        [],
      );
    });
  },
);
