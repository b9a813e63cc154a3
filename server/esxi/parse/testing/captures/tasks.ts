/** Captures of tasks, questions and the VM inventory. */
import { expect } from "vitest";
import { parseMessage } from "../../message.ts";
import { parseTaskInfo, parseTaskList } from "../../task-info.ts";
import { parseVmInventory } from "../../vm-inventory.ts";
import { type Checks } from "./check.ts";

const deleted = "The object has already been deleted or has not been completely created";

export const taskChecks: Checks = {
  "get.tasklist--apache-vcl--01.txt": (text) => {
    expect(parseTaskList(text)).toEqual({
      ok: [2826, 2843, 2856].map((number) => `haTask-512-vim.VirtualMachine.powerOn-${number}`),
    });
  },
  "task_info--apache-vcl--01.txt": (text) => {
    expect(parseTaskInfo(text)).toEqual({
      ok: {
        task: { state: "error", message: "The task was canceled by a user." },
        id: "haTask-496-vim.VirtualMachine.powerOn-3072",
        name: "vim.VirtualMachine.powerOn",
        vmid: 496,
        queuedAt: "2010-06-30T08:48:44.187Z",
        completedAt: "2010-06-30T08:49:26.381Z",
      },
    });
  },
  "task_info-notfound--apache-vcl--01.txt": (text) => {
    expect(parseTaskInfo(text)).toEqual({ gone: deleted });
  },
  "vmsvc-message--clone-script--01.txt": (text) => {
    expect(parseMessage(text)).toEqual({
      ok: {
        id: "$questionid",
        text: expect.stringMatching(/^This virtual machine might have been moved.* answer "I Copied It"\.$/),
        choices: [
          { key: "0", label: "Cancel", isDefault: false },
          { key: "1", label: "I Moved It", isDefault: false },
          { key: "2", label: "I Copied It", isDefault: true },
        ],
      },
    });
  },
  "vmInventory--jumpbox--02.xml": (text) => {
    const paths = new Map([
      [2, "/vmfs/volumes/5fbccd01-70743049-2728-002481827d55/Jump Box/Jump Box.vmx"],
      [12, "/vmfs/volumes/5f3215f2-49c43e04-00b5-002481827d55/debian12-base-image/debian12-base-image.vmx"],
    ]);
    expect(parseVmInventory(text)).toEqual({ ok: paths });
  },
};
