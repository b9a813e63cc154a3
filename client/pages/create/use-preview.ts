/** What the server says to the form: asked again as fields settle, never while somebody types. */
import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import { type CreateAnswer, previewVm } from "../../actions/create-vm.ts";
import { ApiFailure } from "../../api/failure.ts";
import { useApp } from "../../context.ts";
import type { CreateVmInput } from "../../gql/graphql.ts";
import type { Form } from "./form.ts";

/** An answer, and the form that it speaks of. */
export interface Said {
  readonly form: Form;
  readonly answer: CreateAnswer;
}

export interface Wish {
  readonly form: Form;
  readonly input: CreateVmInput;
}

export interface Preview {
  /** The last answer: it may speak of the form as it was. */
  readonly said: Accessor<Said | undefined>;
  readonly isAsking: Accessor<boolean>;
  /** The server could not be asked. */
  readonly failure: Accessor<string | undefined>;
  /** What a mutation answered counts as well. */
  readonly tell: (said: Said) => void;
}

const settleMs = 350;

/** `wish`: undefined while too little is filled in to ask. */
export function usePreview(wish: Accessor<Wish | undefined>): Preview {
  const { api, connection } = useApp();
  const [said, setSaid] = createSignal<Said>();
  const [isAsking, setAsking] = createSignal(false);
  const [failure, setFailure] = createSignal<string>();
  let asked = 0;

  async function ask({ form, input }: Wish): Promise<void> {
    const number = ++asked;
    setAsking(true);
    try {
      const answer = await previewVm(api, input);
      if (number !== asked) return;
      setSaid({ form, answer });
      setFailure(undefined);
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      if (number === asked) setFailure(error.message);
    } finally {
      if (number === asked) setAsking(false);
    }
  }

  createEffect(
    on([wish, () => connection().kind], ([wanted, line]) => {
      asked += 1;
      setAsking(false);
      if (wanted === undefined || line !== "live") return;
      const timer = setTimeout(() => void ask(wanted), settleMs);
      onCleanup(() => clearTimeout(timer));
    }),
  );
  return { said, isAsking, failure, tell: setSaid };
}
