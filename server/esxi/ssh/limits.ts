/** The one signal that ends a run early: its deadline, whoever asked for it, or a fault that was noticed beside it. */
import { AppError } from "../../errors.ts";

export interface Limits {
  /** Aborted with an AppError as its reason. */
  readonly signal: AbortSignal;
  end(reason: AppError): void;
  /** Call when the run is over. */
  stop(): void;
}

export interface LimitsOptions {
  /** For messages. */
  readonly title: string;
  readonly deadlineMs: number;
  readonly signal: AbortSignal | undefined;
}

export function startLimits({ title, deadlineMs, signal }: LimitsOptions): Limits {
  const controller = new AbortController();
  const cancel = (): void => controller.abort(new AppError("CANCELLED", `${title}: the run was cancelled.`));
  const timer = setTimeout(() => controller.abort(deadlinePassed(title, deadlineMs)), deadlineMs);
  if (signal?.aborted) cancel();
  signal?.addEventListener("abort", cancel, { once: true });
  return {
    signal: controller.signal,
    end: (reason) => controller.abort(reason),
    stop() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
    },
  };
}

/** The promise's outcome, or a rejection with the signal's reason when that comes first. */
export function withSignal<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    void promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

function deadlinePassed(title: string, deadlineMs: number): AppError {
  return new AppError(
    "TIMEOUT",
    `${title} did not finish within ${deadlineMs / 1000} s, waiting for its turn included. What was sent may still be ` +
      `going on there.`,
  );
}
