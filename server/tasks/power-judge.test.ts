/** What is made of what is seen: state first, the host's words only to explain. */
import { describe, expect, test } from "vitest";
import type { PowerAction } from "../model.ts";
import { judgePower, judgePowerAtDeadline } from "./power-judge.ts";
import { movedOrCopied } from "./testing/fake-vm.ts";
import { historyOf, type Story, seen, times, type Verdict, verdictOf } from "./testing/stories.ts";
import { withFailedLook } from "./watch-history.ts";

interface Case extends Story {
  readonly name: string;
  readonly action: PowerAction;
  readonly verdict: Verdict;
}

const no = {
  command: "ended",
  exitCode: 1,
  output: "Power on failed",
  failure: { code: "HOST_REFUSED", message: "Power on failed" },
} as const;
const quiet = { command: "ended", exitCode: 0 } as const;
const off = { powerState: "OFF", uptimeSeconds: null } as const;

const cases: readonly Case[] = [
  {
    name: "the state is reached",
    action: "ON",
    before: off,
    looks: [{ afterMs: 1000, ...seen("ON") }],
    verdict: ["SUCCEEDED"],
  },
  {
    name: "the state is reached although the host says no",
    action: "ON",
    before: off,
    looks: [{ afterMs: 1000, ...seen("ON"), ...no }],
    verdict: ["SUCCEEDED"],
  },
  {
    name: "the state is reached although the traces of the command are gone",
    action: "OFF",
    looks: [{ afterMs: 1000, ...seen("OFF"), command: "absent" }],
    verdict: ["SUCCEEDED"],
  },
  { name: "the command is still at it", action: "ON", before: off, looks: times(20, seen("OFF")), verdict: undefined },
  {
    name: "a refusal is given time to prove wrong",
    action: "ON",
    before: off,
    looks: times(2, { ...seen("OFF"), ...no }),
    verdict: undefined,
  },
  {
    name: "a refusal that stays",
    action: "ON",
    before: off,
    looks: times(3, { ...seen("OFF"), ...no }),
    verdict: ["FAILED", "HOST_REFUSED"],
  },
  {
    name: "a refusal of a known kind",
    action: "ON",
    before: off,
    looks: times(3, { ...seen("OFF"), ...no, failure: { code: "OUT_OF_SPACE", message: "No space left" } }),
    verdict: ["FAILED", "OUT_OF_SPACE"],
  },
  {
    name: "a VM that got another number between check and command",
    action: "ON",
    before: off,
    looks: times(3, { ...seen("OFF"), ...no, failure: { code: "NOT_FOUND", message: "Unable to find a VM" } }),
    verdict: ["FAILED", "CONFLICT"],
  },
  {
    name: "a bare exit code",
    action: "SUSPEND",
    looks: times(3, { ...seen("ON"), command: "ended", exitCode: 255 }),
    verdict: ["FAILED", "HOST_REFUSED"],
  },
  {
    name: "a command that ended well takes a while to show",
    action: "ON",
    before: off,
    looks: times(5, { ...seen("OFF"), ...quiet }),
    verdict: undefined,
  },
  {
    name: "a command that ended well and never shows",
    action: "ON",
    before: off,
    looks: times(6, { ...seen("OFF"), ...quiet }),
    verdict: ["FAILED", "HOST_REFUSED"],
  },
  {
    name: "the host's own task goes on",
    action: "SUSPEND",
    looks: times(9, { ...seen("ON"), ...quiet, hostTask: { state: "running", message: null } }),
    verdict: undefined,
  },
  {
    name: "a question blocks",
    action: "ON",
    before: off,
    looks: [{ afterMs: 1000, ...seen("OFF", { question: movedOrCopied }) }],
    verdict: ["FAILED", "QUESTION_PENDING"],
  },
  {
    name: "a guest takes its time to shut down",
    action: "SHUTDOWN",
    looks: times(50, { ...seen("ON"), ...quiet }),
    verdict: undefined,
  },
  {
    name: "tools that went away meanwhile",
    action: "SHUTDOWN",
    looks: times(3, { ...seen("ON"), ...no, failure: { code: "TOOLS_NOT_RUNNING", message: "no tools" } }),
    verdict: ["FAILED", "TOOLS_NOT_RUNNING"],
  },
  {
    name: "a reboot shows as a fallen uptime",
    action: "REBOOT",
    looks: [{ afterMs: 40_000, ...seen("ON", { uptimeSeconds: 5 }), ...quiet }],
    verdict: ["SUCCEEDED"],
  },
  {
    name: "a reboot shows as a moved boot time",
    action: "REBOOT",
    before: { bootTime: "2026-04-01T00:00:00Z" },
    looks: [{ afterMs: 40_000, ...seen("ON", { uptimeSeconds: null, bootTime: "2026-05-01T12:00:20Z" }), ...quiet }],
    verdict: ["SUCCEEDED"],
  },
  {
    name: "an uptime that goes on is no reboot",
    action: "REBOOT",
    looks: [{ afterMs: 40_000, ...seen("ON", { uptimeSeconds: 86_440 }), ...quiet }],
    verdict: undefined,
  },
  {
    name: "a fall from before the command is no reboot",
    action: "REBOOT",
    looks: [{ afterMs: 40_000, ...seen("ON", { uptimeSeconds: 600 }), ...quiet }],
    verdict: undefined,
  },
  {
    name: "a young VM whose uptime lags is not taken for a rebooted one",
    action: "REBOOT",
    before: { uptimeSeconds: 20 },
    looks: [{ afterMs: 10_000, ...seen("ON", { uptimeSeconds: 21 }), ...quiet }],
    verdict: undefined,
  },
  {
    name: "without an uptime before, a young enough guest is a rebooted one",
    action: "REBOOT",
    before: { uptimeSeconds: null },
    looks: [{ afterMs: 120_000, ...seen("ON", { uptimeSeconds: 30 }), ...quiet }],
    verdict: ["SUCCEEDED"],
  },
  {
    name: "a guest that is off is not a rebooted one",
    action: "REBOOT",
    looks: [{ afterMs: 9000, ...seen("OFF", { uptimeSeconds: 0 }), ...quiet }],
    verdict: undefined,
  },
  {
    name: "a reset by its host task",
    action: "RESET",
    looks: [{ afterMs: 1000, ...seen("ON"), ...quiet, hostTask: { state: "success", message: null } }],
    verdict: ["SUCCEEDED"],
  },
  {
    name: "a reset whose host task failed",
    action: "RESET",
    looks: times(3, {
      ...seen("ON", { uptimeSeconds: 86_404 }),
      ...quiet,
      hostTask: { state: "error", message: "in use" },
    }),
    verdict: ["FAILED", "HOST_REFUSED"],
  },
  {
    name: "a reset without a host task, told from the uptime",
    action: "RESET",
    looks: [{ afterMs: 4000, ...seen("ON", { uptimeSeconds: 2 }), ...quiet }],
    verdict: ["SUCCEEDED"],
  },
  {
    name: "a reset that nothing shows may still show",
    action: "RESET",
    looks: times(20, { ...seen("ON", { uptimeSeconds: 86_404 }), ...quiet }),
    verdict: undefined,
  },
  {
    name: "a command whose traces are gone may still show",
    action: "ON",
    before: off,
    looks: times(20, { ...seen("OFF"), command: "absent" }),
    verdict: undefined,
  },
  {
    name: "a command that may have hit another VM, whatever this one shows",
    action: "RESET",
    looks: [
      {
        afterMs: 1000,
        ...seen("ON"),
        ...quiet,
        strayed: { vmidIsNow: "[a] b/b.vmx" },
        hostTask: { state: "success", message: null },
      },
    ],
    verdict: ["UNKNOWN", "OUTCOME_UNKNOWN"],
  },
  {
    name: "a VM that can't be read for a moment",
    action: "OFF",
    looks: times(10, { vm: null, summaryError: "hostd restarts" }),
    verdict: undefined,
  },
  {
    name: "a VM that can't be read any more",
    action: "OFF",
    looks: times(50, { vm: null, summaryError: "another VM" }),
    verdict: ["UNKNOWN", "OUTCOME_UNKNOWN"],
  },
];

const power = { vmName: "web", node: "esx1" };

describe("while watching", () => {
  test.for(cases)("$action: $name", ({ action, verdict, ...story }) => {
    expect(verdictOf(judgePower({ ...power, action }, historyOf(story)))).toEqual(verdict);
  });
});

const late: readonly Case[] = [
  {
    name: "the guest ignored it",
    action: "SHUTDOWN",
    looks: times(9, { ...seen("ON"), ...quiet }),
    verdict: ["FAILED", "GUEST_DID_NOT_RESPOND"],
  },
  {
    name: "nothing showed",
    action: "REBOOT",
    looks: times(9, { ...seen("ON"), ...quiet }),
    verdict: ["UNKNOWN", "OUTCOME_UNKNOWN"],
  },
  {
    name: "nothing showed",
    action: "RESET",
    looks: times(9, { ...seen("ON", { uptimeSeconds: 86_404 }), ...quiet }),
    verdict: ["UNKNOWN", "OUTCOME_UNKNOWN"],
  },
  {
    name: "the command is still at it",
    action: "SUSPEND",
    looks: times(9, seen("ON")),
    verdict: ["UNKNOWN", "OUTCOME_UNKNOWN"],
  },
  { name: "the host was never reached", action: "SHUTDOWN", looks: [], verdict: ["UNKNOWN", "OUTCOME_UNKNOWN"] },
];

describe("at the deadline", () => {
  test.for(late)("$action: $name", ({ action, verdict, ...story }) => {
    expect(verdictOf(judgePowerAtDeadline({ ...power, action }, historyOf(story)))).toEqual(verdict);
  });

  test("a guest is not blamed while its host is out of sight", () => {
    const history = withFailedLook(
      historyOf({ looks: times(9, { ...seen("ON"), ...quiet }) }),
      "esx1 does not answer.",
    );
    const end = judgePowerAtDeadline({ ...power, action: "SHUTDOWN" }, history);
    expect(verdictOf(end)).toEqual(["UNKNOWN", "OUTCOME_UNKNOWN"]);
    expect(end.result).toBe(
      'The command to shut down the guest of VM "web" on node esx1 was sent, but its outcome was not observed: the host could not be asked: esx1 does not answer. Look whether the VM is powered off before asking again.',
    );
  });
});
