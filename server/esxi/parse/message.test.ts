import { expect, test } from "vitest";
import { parseMessage } from "./message.ts";

const text =
  'msg.uuid.altered:This machine may have been moved.\n\n   0. is no choice yet\nIf in doubt, answer "I Copied It".';
const choices =
  "   0. button.uuid.cancel (Cancel)\n   1. I _moved it (I _moved it)\n   12. button.copied (I Copied It (really)) [default]\n   3. OK\n";

test("no question", () => {
  expect(parseMessage("No message.\n")).toEqual({ ok: null });
});

test.each(["12", "_vmx1"])("question %s with its choices", (id) => {
  const question = {
    id,
    text,
    choices: [
      { key: "0", label: "Cancel", isDefault: false },
      { key: "1", label: "I _moved it", isDefault: false },
      { key: "12", label: "I Copied It (really)", isDefault: true },
      { key: "3", label: "OK", isDefault: false },
    ],
  };
  const printed = `Virtual machine message ${id}:\n${text}\n${choices}`;
  expect(parseMessage(printed)).toEqual({ ok: question });
  expect(parseMessage(printed.replaceAll("\n", "\r\n"))).toMatchObject({ ok: { id, choices: question.choices } });
});

test("a question without choices", () => {
  expect(parseMessage("Virtual machine message 5:\nGo on?\n")).toEqual({
    ok: { id: "5", text: "Go on?", choices: [] },
  });
});

test.each(["", "Failed to login: Connection refused\n", '(vim.fault.NotFound) {\n   msg = "no VM"\n}\n'])(
  "%j is a failure",
  (other) => {
    expect(parseMessage(other)).toHaveProperty("failed");
  },
);
