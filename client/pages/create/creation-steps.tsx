import { Index, type JSX, Match, Switch } from "solid-js";
import type { Task } from "../../inventory/state.ts";
import { Icon } from "../../ui/icon.tsx";

type Step = Task["steps"][number];

const stateWords: Readonly<Record<Step["state"], string>> = {
  PENDING: "to come",
  RUNNING: "under way",
  DONE: "done",
  FAILED: "failed",
  SKIPPED: "not needed",
};

export function CreationSteps(props: { readonly steps: readonly Step[] }): JSX.Element {
  return (
    <ol class="creation-steps">
      <Index each={props.steps}>
        {(step) => (
          <li data-state={step().state}>
            <Switch fallback={<span class="step-dot" aria-hidden="true" />}>
              <Match when={step().state === "RUNNING"}>
                <span class="spinner" aria-hidden="true" />
              </Match>
              <Match when={step().state === "DONE"}>
                <Icon name="check" />
              </Match>
              <Match when={step().state === "FAILED"}>
                <Icon name="warning" />
              </Match>
            </Switch>
            <span>
              {step().name}
              <span class="step-word"> {stateWords[step().state]}</span>
              <span class="step-detail">{step().detail}</span>
            </span>
          </li>
        )}
      </Index>
    </ol>
  );
}
