/** What each power action means to the host. */
import type { PowerAction } from "../../model.ts";

export interface PowerRule {
  /** After `vim-cmd vmsvc/`. */
  readonly verb: string;
  /** In this state nothing is left to do; undefined: there is always something to do. */
  readonly already: HostPowerState | undefined;
  /** From these states it is possible. */
  readonly from: readonly HostPowerState[];
  /** It asks the guest, through the tools running in it. */
  readonly needsTools: boolean;
  /** A pending question stands in its way. */
  readonly stopsAtQuestion: boolean;
  /** The host's own task for it, as in `haTask-ID-vim.VirtualMachine.powerOn-N`; undefined where it makes none. */
  readonly hostTask: string | undefined;
}

/** As the summary writes it. */
export type HostPowerState = "poweredOn" | "poweredOff" | "suspended";

export const powerRules: Record<PowerAction, PowerRule> = {
  ON: rule("power.on", ["poweredOff", "suspended"], { already: "poweredOn", hostTask: "powerOn" }),
  OFF: rule("power.off", ["poweredOn", "suspended"], {
    already: "poweredOff",
    hostTask: "powerOff",
    stopsAtQuestion: false,
  }),
  SHUTDOWN: rule("power.shutdown", ["poweredOn"], { already: "poweredOff", needsTools: true }),
  REBOOT: rule("power.reboot", ["poweredOn"], { needsTools: true }),
  RESET: rule("power.reset", ["poweredOn"], { hostTask: "reset", stopsAtQuestion: false }),
  SUSPEND: rule("power.suspend", ["poweredOn"], { already: "suspended", hostTask: "suspend" }),
};

function rule(verb: string, from: readonly HostPowerState[], traits: Partial<PowerRule>): PowerRule {
  return { verb, from, already: undefined, needsTools: false, stopsAtQuestion: true, hostTask: undefined, ...traits };
}
