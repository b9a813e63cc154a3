/** `vim-cmd`: a client of hostd. It logs in, makes one call and logs out. */
import { configOption } from "../text/config-option.ts";
import { dump, ref } from "../text/dump.ts";
import { objectGone } from "../text/fault.ts";
import { hostSummary, taskInfo } from "../text/host.ts";
import type { CommandResult, HostCommand } from "./command.ts";
import { failed, ok } from "./command.ts";
import { answerMessage } from "./vim-message.ts";
import { powerCommands } from "./vim-power.ts";
import { readCommands } from "./vim-read.ts";
import { registrationCommands } from "./vim-register.ts";
import { faulty } from "./vim-vm.ts";

const commands: Readonly<Record<string, HostCommand>> = {
  ...readCommands,
  ...powerCommands,
  ...registrationCommands,
  "vmsvc/message": answerMessage,
  "hostsvc/hostsummary": (_, world) => ok(`${dump(hostSummary(world), world.release)}\n`),
  "solo/querycfgopt": (_, world) =>
    world.answersConfigOptions
      ? ok(`${dump(configOption(world), world.release)}\n`)
      : noSuchCommand("solo/querycfgopt"),
  "vimsvc/task_info": (words, world) => {
    const task = world.tasks.find((each) => each.id === words[0]);
    if (task === undefined) return faulty(objectGone(ref("vim.Task", words[0] ?? "")), world);
    return ok(`${dump(taskInfo(task), world.release)}\n`);
  },
};

/** These change something: the free licence's refusal and the action log know them by name. */
export const changingCommands: ReadonlySet<string> = new Set([
  ...Object.keys(powerCommands).filter((name) => name !== "vmsvc/power.getstate"),
  ...Object.keys(registrationCommands),
]);

function noSuchCommand(name: string): CommandResult {
  return failed(1, `Invalid command '${name}'.\n`);
}

export const vimCmd: HostCommand = (words, world, running) => {
  if (world.hostd === "down") return failed(1, "Failed to login: Connection refused\n");
  const [name = "", ...rest] = words;
  const command = commands[name];
  if (command === undefined) return noSuchCommand(name);
  return command(rest, world, running);
};
