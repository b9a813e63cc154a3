/** The one way in which a person ends a task that runs here. */
import { AppError } from "../errors.ts";
import type { Job } from "./job.ts";

/** False: it is too late. @throws what the store throws */
export async function callOff(job: Job, actor: string): Promise<boolean> {
  if (job.phase === "sent" && isCancellable(job)) await job.handle.remember({ cancelledBy: actor });
  if (!isCancellable(job)) return false;
  job.callOff(new AppError("CANCELLED", `Cancelled by ${actor} before anything was sent; nothing was done.`));
  return true;
}

export function isCancellable({ phase, isCancellableWhenSent }: Job): boolean {
  return phase === "unsent" || (phase === "sent" && isCancellableWhenSent);
}
