/** Where a creation puts what. All paths are canonical and lie in one folder directly on the datastore. */
import type { CreationOrder } from "../../creation.ts";
import { quoteWord } from "../../quote.ts";
import { checkPlace } from "./check-order.ts";

export interface Places {
  readonly folder: string;
  readonly vmx: string;
  readonly vmdk: string;
  /** Names the job, and lists the files that it makes. */
  readonly mark: string;
}

/** File names within the folder. */
export const markName = ".ecoman-job";
export const vmxName = (name: string): string => `${name}.vmx`;
export const vmdkName = (name: string): string => `${name}.vmdk`;
/** `vmkfstools -c` makes it beside the descriptor. */
export const extentName = (name: string): string => `${name}-flat.vmdk`;

/** @throws AppError INVALID_INPUT for a name, a datastore or a job that can't be these */
export function placesOf(order: CreationOrder): Places {
  checkPlace(order);
  const {
    mountPoint,
    blueprint: { name },
  } = order;
  const folder = `${mountPoint}/${name}`;
  return {
    folder,
    vmx: `${folder}/${vmxName(name)}`,
    vmdk: `${folder}/${vmdkName(name)}`,
    mark: `${folder}/${markName}`,
  };
}

/** The variables and functions that all scripts of a creation share. @throws AppError INVALID_INPUT */
export function placeVariables(order: CreationOrder): readonly string[] {
  const { folder, vmx, mark } = placesOf(order);
  return [
    `job=${quoteWord(order.jobId)}`,
    `mount=${quoteWord(order.mountPoint)}`,
    `name=${quoteWord(order.blueprint.name)}`,
    `dir=${quoteWord(folder)}`,
    `vmx=${quoteWord(vmx)}`,
    `mark=${quoteWord(mark)}`,
    `is_ours() { [ -f "$mark" ] && IFS= read -r marked <"$mark" && [ "$marked" = "job $job" ]; }`,
  ];
}
