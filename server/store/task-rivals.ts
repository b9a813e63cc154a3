/** What two tasks may not be about at once. */
import type { Task } from "../model.ts";
import type { Alone } from "./store.ts";

/** Is this unfinished task about what another one wants for itself? */
export function isRivalOf(task: Task, { vmId, key }: Alone): boolean {
  return (vmId !== null && task.vmId === vmId) || (key !== null && task.input["exclusive"] === key);
}
