/** The small programs of the host: version, services, identity. */
import type { HostdRestart } from "../world/control.ts";
import { restartHostd } from "../world/hostd.ts";
import type { HostCommand } from "./command.ts";
import { failed, ok } from "./command.ts";

/** `-v`: with build, `-l`: with update, `-vl`: both, a line each. */
export const vmware: HostCommand = (words, { release }) => {
  const full = `VMware ESXi ${release.version} build-${release.build}\n`;
  const level = `VMware ESXi ${release.version} ${release.update === "0" ? "GA" : `Update ${release.update}`}\n`;
  const flags = words.join("");
  if (flags === "" || !/^-[vl-]+$/.test(flags)) return failed(1, "Usage: vmware [-v] [-l]\n");
  return ok((flags.includes("v") ? full : "") + (flags.includes("l") ? level : ""));
};

export const uname: HostCommand = (words, { name, release }) => {
  const all = words.includes("-a");
  const line = `VMkernel ${name} ${release.version} #1 SMP Release build-${release.build} Mar 10 2023 08:11:02 x86_64 x86_64 x86_64 ESXi`;
  return ok(`${all ? line : "VMkernel"}\n`);
};

export const hostname: HostCommand = (_, { name }) => ok(`${name}\n`);

/** A restart of hostd takes a while, lists nothing at first, then half. */
const ordinaryRestart: HostdRestart = { downMs: 3000, emptyMs: 5000, halfMs: 5000 };

export function initScript(service: string): HostCommand {
  return (words, world) => {
    const runs = service !== "hostd" || world.hostd !== "down";
    if (words[0] === "status") return ok(`${service} is ${runs ? "running" : "not running"}\n`);
    if (words[0] !== "restart" && words[0] !== "start")
      return failed(1, `Usage: /etc/init.d/${service} start|stop|restart|status\n`);
    if (service === "hostd") void restartHostd(world, ordinaryRestart);
    return ok(`${service} started.\n`);
  };
}
