import { describe, expect, test } from "vitest";
import { classifyHostText, failureIn, parsePowerState, parsePowerText } from "./power-text.ts";

const fault = (type: string, lines: string): string =>
  `(${type}) {\n   faultCause = (vmodl.MethodFault) null, \n   faultMessage = <unset>${lines}\n}\n`;
const invalidState = fault(
  "vim.fault.InvalidPowerState",
  ', \n   requestedState = "poweredOn", \n   existingState = "poweredOn"\n   msg = "Not in the current state (Powered on)."',
);

describe("the words of a power command", () => {
  test.each(["", "Powering on VM:\n", "Powering off VM:\n", "Suspending VM:\n", "Reset VM:\n"])(
    "%j is success",
    (text) => {
      expect(parsePowerText(text)).toEqual({ ok: true });
      expect(failureIn(text)).toBeUndefined();
    },
  );

  test.each([invalidState, `Powering on VM:\n${invalidState}`, `Powering on VM:\nPower on failed: ${invalidState}`])(
    "a fault with the state that is, alone or after words",
    (text) => {
      expect(parsePowerText(text)).toMatchObject({
        fault: { type: "vim.fault.InvalidPowerState", existingState: "poweredOn" },
      });
      expect(failureIn(text)).toEqual({ code: "CONFLICT", message: "Not in the current state (Powered on)." });
    },
  );

  test("the bare words of 6.0 and 6.5", () => {
    expect(parsePowerText("Powering on VM:\nPower on failed\n")).toEqual({ failed: "Power on failed" });
  });

  test("a fault that was cut keeps its type", () => {
    expect(parsePowerText(invalidState.slice(0, 60))).toMatchObject({ fault: { type: "vim.fault.InvalidPowerState" } });
  });
});

describe("the power state", () => {
  test.each([
    ["Retrieved runtime info\nPowered on\n", "ON"],
    ["Retrieved runtime info\r\nPowered off\r\n", "OFF"],
    ["Retrieved runtime info\nSuspended", "SUSPENDED"],
  ])("%j", (text, state) => {
    expect(parsePowerState(text)).toEqual({ ok: state });
  });

  test.each([
    "",
    "Powered on\n",
    "Retrieved runtime info\n",
    "Retrieved runtime info\nPowered on\nPowered off\n",
    invalidState,
  ])("none in %j", (text) => {
    expect(parsePowerState(text)).toHaveProperty("failed");
  });
});

describe("what a refusal means", () => {
  const message = (words: string): string => `\n   msg = "${words}"`;

  test.each([
    [
      fault(
        "vim.fault.RestrictedVersion",
        message("Current license or ESXi version prohibits execution of the requested operation."),
      ),
      "LICENSE_RESTRICTED",
    ],
    ["Current license or ESXi version prohibits execution of the requested operation.\n", "LICENSE_RESTRICTED"],
    [fault("vim.fault.ToolsUnavailable", message("No tools.")), "TOOLS_NOT_RUNNING"],
    ["Cannot complete operation because VMware Tools is not running in this virtual machine.\n", "TOOLS_NOT_RUNNING"],
    [fault("vim.fault.NotFound", message("No such VM.")), "NOT_FOUND"],
    [fault("vim.fault.AlreadyExists", ', \n   name = "51"\n   msg = "It exists."'), "CONFLICT"],
    ["mkdir: can't create directory '/tmp/x': No space left on device\n", "OUT_OF_SPACE"],
    ["Operation failed since another task is in progress.\n", "HOST_BUSY"],
    ["Failed to login: Connection reset by peer\n", "HOSTD_DOWN"],
    [
      "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc\nAborted\n",
      "HOSTD_DOWN",
    ],
    ["Connect to localhost failed: Connection failure\n", "HOSTD_DOWN"],
    ["Killed\n", "HOSTD_DOWN"],
    [fault("vim.fault.GenericVmConfigFault", message("No AMD-V here.")), "HOST_REFUSED"],
    ["Power on failed\n", "HOST_REFUSED"],
    ["", "HOST_REFUSED"],
  ])("%j", (text, code) => {
    expect(classifyHostText(text).code).toBe(code);
    expect(classifyHostText(text).message).not.toBe("");
  });

  test("the message is all that the host said, each thing once, in one line", () => {
    const text = `Power on failed: (vim.fault.GenericVmConfigFault) {
   faultMessage = (vmodl.LocalizableMessage) [
      (vmodl.LocalizableMessage) {
         key = "a", 
         message = "First.
"
      }, 
      (vmodl.LocalizableMessage) {
         key = "b", 
         message = "Second."
      }
   ], 
   reason = "First."
   msg = "First."
}
`;
    expect(classifyHostText(text)).toEqual({ code: "HOST_REFUSED", message: "First. Second." });
  });
});
