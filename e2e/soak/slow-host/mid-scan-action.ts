/** A power action asked for while a scan is in the middle of its summaries: when does it begin on the host. */
import type { PowerAction } from "../../../server/model.ts";
import { query } from "../../harness/graphql.ts";
import { until } from "../../harness/until.ts";
import type { OpenSshApp } from "../../openssh/openssh-app.ts";
import type { Call } from "../../openssh/world.ts";

export interface MidScanAction {
  /** From the request to the action's first call on the host. */
  readonly startMs: number;
  /** From the request to the call that changes the VM. */
  readonly sentMs: number;
  /** Did the scan go on reading summaries meanwhile. */
  readonly scanWentOn: boolean;
}

/** Waits until the scan under way has read a few summaries. */
export async function untilMidScan({ world }: OpenSshApp): Promise<void> {
  await world.forgetCalls();
  await until(
    async () => {
      const calls = await world.calls();
      const began = calls.findLastIndex(({ argv }) => argv[1] === "vmsvc/getallvms");
      const read = calls.slice(began).filter(isSummary);
      const isRecent = Date.now() - (read.at(-1)?.at ?? 0) < 300;
      return began >= 0 && isRecent && read.length >= 4 && read.length <= 10;
    },
    { withinMs: 30_000, what: "a scan in the middle of its summaries" },
  );
}

export async function act({ url, world }: OpenSshApp, vm: ActedVm): Promise<MidScanAction> {
  const from = Date.now();
  const { setPower } = await query<{ setPower: { userErrors: readonly { message: string }[] } }>(
    url,
    "mutation ($input: SetPowerInput!) { setPower(input: $input) { userErrors { message } } }",
    { input: { vmId: vm.id, action: vm.action } },
  );
  if (setPower.userErrors.length > 0) throw new Error(setPower.userErrors.map(({ message }) => message).join("\n"));
  const calls = await until(
    async () => {
      // Times of files are those of the kernel's last tick.
      const made = (await world.calls()).filter(({ at }) => at >= from - 10);
      return made.some(isActing) ? made : undefined;
    },
    { withinMs: 30_000, what: `${vm.action} of ${vm.vmid} to be sent on the host` },
  );
  const started = calls.find((call) => isSummary(call) && call.argv[2] === String(vm.vmid));
  const sent = calls.find(isActing);
  return {
    startMs: (started?.at ?? Number.POSITIVE_INFINITY) - from,
    sentMs: (sent?.at ?? Number.POSITIVE_INFINITY) - from,
    scanWentOn: calls.some((call) => isSummary(call) && call.argv[2] !== String(vm.vmid)),
  };
}

export interface ActedVm {
  readonly id: string;
  readonly vmid: number;
  readonly action: PowerAction;
}

function isSummary({ argv }: Call): boolean {
  return argv[1] === "vmsvc/get.summary";
}

function isActing({ argv }: Call): boolean {
  return /^vmsvc\/power\.(on|off|suspend)$/.test(argv[1] ?? "");
}
