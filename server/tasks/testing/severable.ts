/**
 * Lets a server die without a word: what it calls behind a severable port never comes back, so nothing of it goes on.
 */
export interface Lifeline {
  readonly isCut: boolean;
  /** Calls so far, over all ports of this line. */
  readonly calls: number;
  cut(): void;
  /** The port as the server that hangs on this line sees it; every member must answer with a promise, or be one of `atOnce`. */
  severable<Port extends object>(port: Port): Port;
}

/** When the line is cut in relation to its nth call. "during": the call goes out and does its work while nobody waits. */
export interface CutPlan {
  readonly atCall: number;
  readonly moment: "before" | "during" | "after";
}

export function createLifeline(plan?: CutPlan): Lifeline {
  let isCut = false;
  let calls = 0;

  async function through<Result>(call: () => Promise<Result>): Promise<Result> {
    if (isCut) return never();
    calls += 1;
    const moment = calls === plan?.atCall ? plan.moment : undefined;
    if (moment === "before" || moment === "during") isCut = true;
    if (moment === "before") return never();
    const result = await call().catch((error: unknown) => (isCut ? never<Result>() : Promise.reject(error as Error)));
    if (moment === "after") isCut = true;
    return isCut ? never() : result;
  }

  return {
    get isCut() {
      return isCut;
    },
    get calls() {
      return calls;
    },
    cut() {
      isCut = true;
    },
    severable: (port) =>
      new Proxy(port, {
        get(target, name) {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== "function" || atOnce.has(name)) return member;
          return (...words: unknown[]) => through(async () => Reflect.apply(member, target, words) as Promise<unknown>);
        },
      }),
  };
}

/** They ask nobody, or change nothing: what a dead server still hears is lost on it. */
const atOnce: ReadonlySet<string | symbol> = new Set(["now", "plan", "planUndo", "watch", "tasks"]);

function never<Result>(): Promise<Result> {
  return new Promise(() => undefined);
}
