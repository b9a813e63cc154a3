/** Creates a VM, or only tells what would be done. */
import type { Api } from "../api/api.ts";
import { CreateVmDocument, type CreateVmInput, type CreateVmMutation } from "../gql/graphql.ts";

export type CreateAnswer = CreateVmMutation["createVm"];

/**
 * `idempotencyKey`: one for each intent, so that asking again after a lost answer makes no second VM.
 * @throws ApiFailure
 */
export async function createVm(api: Api, input: CreateVmInput, idempotencyKey: string): Promise<CreateAnswer> {
  return (await api.mutate(CreateVmDocument, { input: { ...input, idempotencyKey } })).createVm;
}

/** The commands and the configuration file, and all that is wrong with the request. @throws ApiFailure */
export async function previewVm(api: Api, input: CreateVmInput): Promise<CreateAnswer> {
  return (await api.mutate(CreateVmDocument, { input: { ...input, dryRun: true } })).createVm;
}
