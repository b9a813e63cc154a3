/** A false host with its driver, for tests that judge what a driver's scripts really called. */
import { expect } from "vitest";
import { systemClock } from "../../server/clock.ts";
import type { ActReport, ActRequest, NodeDriver } from "../../server/esxi/driver.ts";
import { createEsxiDriver } from "../../server/esxi/esxi-driver.ts";
import type { PowerAction } from "../../server/model.ts";
import { until } from "../harness/until.ts";
import type { StubVm } from "./esxi-texts.ts";
import { addressOf } from "./open-driver.ts";
import { openShell } from "./open-shell.ts";
import { type OpenSsh, type OpenSshOptions, startOpenSsh } from "./openssh.ts";

export interface FalseHost {
  readonly openssh: OpenSsh;
  readonly world: OpenSsh["world"];
  readonly driver: NodeDriver;
  /** Runs a script by the driver's own shell; answers its stdout. */
  run(script: string): Promise<string>;
  /** The words of every call since the last time this was asked, in order. None of them may have read from stdin. */
  newCalls(): Promise<readonly (readonly string[])[]>;
  close(): Promise<void>;
}

export async function startFalseHost(vms: readonly StubVm[], options?: OpenSshOptions): Promise<FalseHost> {
  const openssh = await startOpenSsh(options);
  const { world } = openssh;
  await world.setVms(vms);
  const config = openssh.nodeConfig();
  const { shell } = openShell(config);
  const driver = createEsxiDriver({ shell, clock: systemClock, node: config.name });
  return {
    openssh,
    world,
    driver,
    run: async (script) => (await shell.run(script, { deadlineMs: 120_000 })).stdout,
    async newCalls() {
      const calls = await world.calls();
      await world.forgetCalls();
      expect(calls.filter(({ stdinBytes }) => stdinBytes > 0)).toEqual([]);
      return calls.map(({ argv }) => argv);
    },
    async close() {
      await driver.close();
      await openssh.close();
    },
  };
}

let acts = 0;

export function actRequest(vm: StubVm, act: PowerAction | ActRequest["act"]): ActRequest {
  acts += 1;
  return {
    actId: `act-${acts}`,
    vm: addressOf(vm),
    act: typeof act === "string" ? { kind: "power", action: act } : act,
  };
}

export function lookUntil(
  { driver }: FalseHost,
  request: ActRequest,
  isSeen: (look: ActReport) => boolean,
): Promise<ActReport> {
  return until(
    async () => {
      const report = await driver.look(request, {});
      return isSeen(report) ? report : undefined;
    },
    { what: `the act ${request.actId}` },
  );
}

/** Looks until the command has returned. */
export function lookAtEnd(host: FalseHost, request: ActRequest): Promise<ActReport> {
  return lookUntil(host, request, (look) => look.command === "ended");
}
