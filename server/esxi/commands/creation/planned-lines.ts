/** The lines of a creation as a person would type them. */
import { vmxEntries } from "../../blueprint.ts";
import type { CreationOrder, CreationPlan, CreationSight } from "../../creation.ts";
import { quoteCommand, quoteWord } from "../../quote.ts";
import { vmxText } from "../../vmx.ts";
import { checkOrder } from "./check-order.ts";
import { extentName, placesOf, vmdkName, vmxName } from "./places.ts";
import { diskCommand, registerCommand, registrationFiles } from "./step-bodies.ts";

/** @throws AppError INVALID_INPUT for what no host may be sent */
export function plannedCreation(order: CreationOrder): CreationPlan {
  checkOrder(order);
  const { folder, vmx, mark } = placesOf(order);
  return {
    lines: {
      claim: [
        quoteCommand(["mkdir", folder]),
        `${quoteCommand(["printf", String.raw`job %s\n`, order.jobId])} >${quoteWord(mark)}`,
      ],
      disk: [diskCommand(order)],
      configure: [`cat >${quoteWord(vmx)}`],
      register: [registerCommand(order)],
      finish: [quoteCommand(["rm", "-f", mark])],
    },
    vmx: { path: vmx, text: vmxText(vmxEntries(order.blueprint)) },
  };
}

/** What is undone follows from what is there. */
export function plannedUndo(order: CreationOrder, { made, vmids }: CreationSight): readonly string[] {
  const { folder, vmx, mark } = placesOf(order);
  const { name } = order.blueprint;
  const isRegistered = vmids !== null && vmids.length > 0;
  const files = [
    ...[vmxName(name), ...registrationFiles(name)].filter((file) => made.has(file)),
    ...(made.has(vmdkName(name)) ? [vmdkName(name), extentName(name)] : []),
  ];
  return [
    ...(isRegistered ? [quoteCommand(["vim-cmd", "vmsvc/unregister", vmx])] : []),
    ...files.map((file) => quoteCommand(["rm", "-f", `${folder}/${file}`])),
    quoteCommand(["rm", "-f", mark]),
    quoteCommand(["rmdir", folder]),
  ];
}
