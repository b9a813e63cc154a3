import { describe, expect, test } from "vitest";
import type { PowerAction, VmRowFragment } from "../gql/graphql.ts";
import { aVm } from "../inventory/testing.ts";
import { divide, powerActions, powerWords, whyNot } from "./power.ts";

const possible = (change: Partial<VmRowFragment>) =>
  powerActions.map(({ action }) => action).filter((action) => whyNot(aVm(change), action) === undefined);

describe("what a VM can take", () => {
  test.each<[string, Partial<VmRowFragment>, readonly PowerAction[]]>([
    ["on", {}, ["SHUTDOWN", "REBOOT", "SUSPEND", "OFF", "RESET"]],
    ["on without tools", { toolsRunningStatus: "guestToolsNotRunning" }, ["SUSPEND", "OFF", "RESET"]],
    [
      "on without tools, by the summary",
      { toolsRunningStatus: null, toolsStatus: "toolsNotInstalled" },
      ["SUSPEND", "OFF", "RESET"],
    ],
    ["off", { powerState: "OFF" }, ["ON"]],
    ["suspended", { powerState: "SUSPENDED" }, ["ON", "OFF"]],
    ["not known: the host will tell", { powerState: "UNKNOWN" }, powerActions.map(({ action }) => action)],
    ["asking", { question: { id: "1", text: "?", choices: [] } }, []],
  ])("%s", (_name, change, actions) => {
    expect(possible(change)).toEqual(actions);
  });
});

test("those that can't are told apart, with the reason", () => {
  const on = aVm({ id: "on" });
  const off = aVm({ id: "off", powerState: "OFF" });
  expect(divide([on, off], "SHUTDOWN")).toEqual({ fit: [on], unfit: [{ vm: off, reason: "is off" }] });
});

test("the graceful ways stand before the forced ones", () => {
  const forced = powerActions.findIndex(({ isForced }) => isForced);
  expect(powerActions.slice(forced).every(({ isForced }) => isForced)).toBe(true);
  expect(powerWords("RESET").isForced).toBe(true);
});
