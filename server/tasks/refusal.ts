/** What a receipt tells that nothing was begun: in the words and codes of a task's end. Pure. */
import type { ActReceipt, RefusalReason } from "../esxi/driver.ts";
import type { PowerState } from "../model.ts";
import { adviceFor, hostWords, questionText } from "./judge.ts";
import { failed } from "./settlement.ts";
import type { Settlement } from "./use-case.ts";

type Refused = Extract<ActReceipt, { outcome: "refused" }>;

export interface Refusing {
  /** `power on VM "web" on node esx1`. */
  readonly deed: string;
  readonly expectedPowerState: PowerState | null;
}

/** Undefined for a duplicate: the act was begun before, so it is to be watched. */
export function judgeRefused(refused: Refused, refusing: Refusing): Settlement | undefined {
  const mismatch = expectedStateMismatch(refused, refusing);
  if (mismatch !== undefined) return mismatch;
  return settlements[refused.reason](refused, `ECoMan did not ${refusing.deed}`);
}

/** "already" and "refused" alike: nothing was done, and the VM is not in the state in which the caller believed it. */
export function expectedStateMismatch(
  receipt: ActReceipt,
  { deed, expectedPowerState }: Refusing,
): Settlement | undefined {
  const tellsOfState = receipt.outcome === "already" || (receipt.outcome === "refused" && receipt.reason === "state");
  const state = receipt.summary?.powerState;
  if (!tellsOfState || expectedPowerState === null || state === undefined || state === expectedPowerState)
    return undefined;
  return failed(
    "CONFLICT",
    `ECoMan did not ${deed}: by what the host says it is ${state}, not ${expectedPowerState} as expected. Look at it again before you decide.`,
  );
}

const settlements: Readonly<Record<RefusalReason, (refused: Refused, not: string) => Settlement | undefined>> = {
  duplicate: () => undefined,
  identity: (_, not) =>
    failed(
      "CONFLICT",
      `${not}: the VM was re-registered or replaced on the host since it was last read. Refresh the node, then ask again.`,
    ),
  unreadable: (refused, not) =>
    failed(
      "HOST_REFUSED",
      `${not}: the host can't read the VM. It said: ${hostWords(refused.hostOutput)} ${adviceFor("HOST_REFUSED")}`,
    ),
  question: ({ summary }, not) => {
    const question = summary?.question ?? null;
    const asked = question === null ? "a question" : questionText(question);
    return failed(
      "QUESTION_PENDING",
      `${not}: it waits for an answer to ${asked}. Answer it with answerQuestion, then ask again.`,
    );
  },
  tools: (_, not) =>
    failed(
      "TOOLS_NOT_RUNNING",
      `${not}: VMware Tools do not run in it, and the guest can't be asked without them. ${adviceFor("TOOLS_NOT_RUNNING")}`,
    ),
  state: ({ summary }, not) => {
    const state = summary?.powerState ?? "UNKNOWN";
    if (state === "UNKNOWN")
      return failed(
        "CONFLICT",
        `${not}: the host does not say in which state it is. Look at it there, then ask again.`,
      );
    return failed("CONFLICT", `${not}: it is ${state}, and only a VM that is ON can be asked for that.`);
  },
  changed: (_, not) =>
    failed("CONFLICT", `${not}: its question was answered meanwhile or is another one now. Look at Vm.question again.`),
};
