/** The action behind every power button. */
import type { Api } from "../api/api.ts";
import { type PowerAction, SetPowerDocument, type SetPowerMutation } from "../gql/graphql.ts";
import type { Vm } from "../inventory/state.ts";
import { newKey } from "./new-key.ts";

export type PowerAnswer = SetPowerMutation["setPower"];

/**
 * Asks for it once. The VM must still be as it was shown, else CONFLICT in `userErrors`.
 * @throws ApiFailure
 */
export async function setPower(api: Api, vm: Vm, action: PowerAction): Promise<PowerAnswer> {
  const idempotencyKey = newKey();
  const input = { vmId: vm.id, action, expectedPowerState: vm.powerState, idempotencyKey };
  const { setPower: answer } = await api.mutate(SetPowerDocument, { input });
  return answer;
}
