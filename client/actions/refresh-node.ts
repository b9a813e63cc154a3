/** Looks at a node in full now, and tells how it goes. */
import { type Accessor, createSignal } from "solid-js";
import { ApiFailure } from "../api/failure.ts";
import { useApp } from "../context.ts";
import { RefreshNodeDocument } from "../gql/graphql.ts";
import { hasEnded } from "../inventory/rows.ts";

export interface Refresh {
  readonly start: () => Promise<void>;
  readonly isUnderWay: Accessor<boolean>;
  /** Why the last one came to nothing; undefined while all is well. */
  readonly failure: Accessor<string | undefined>;
}

/** For the component that calls it, and one node. */
export function useRefresh(name: Accessor<string>): Refresh {
  const { api, inventory } = useApp();
  const [isAsked, setAsked] = createSignal(false);
  const [taskId, setTaskId] = createSignal<string>();
  const [refusal, setRefusal] = createSignal<string>();
  const task = inventory.task(taskId);

  async function ask(): Promise<void> {
    const { refreshNode } = await api.mutate(RefreshNodeDocument, { name: name() });
    const { task: asked, userErrors } = refreshNode;
    if (asked === null) return void setRefusal(userErrors.map(({ message }) => message).join(" "));
    inventory.dispatch({ kind: "tasksChanged", tasks: [asked] });
    setTaskId(asked.id);
  }

  const isUnderWay = () => {
    const known = task();
    return isAsked() || (taskId() !== undefined && (known === undefined || !hasEnded(known)));
  };
  return {
    async start() {
      if (isUnderWay()) return;
      setAsked(true);
      setRefusal(undefined);
      setTaskId(undefined);
      try {
        await ask();
      } catch (error) {
        if (!(error instanceof ApiFailure)) throw error;
        setRefusal(error.message);
      } finally {
        setAsked(false);
      }
    },
    isUnderWay,
    failure: () => refusal() ?? task()?.error?.message,
  };
}
