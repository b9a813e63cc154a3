import { type JSX, Match, Switch } from "solid-js";
import { Icon } from "../ui/icon.tsx";

export type Standing = "waiting" | "running" | "good" | "bad" | "unclear" | "off";

export function standingOfState(state: string, finishedAt: string | null): Standing {
  if (state === "SUCCEEDED" || state === "DONE") return "good";
  if (state === "FAILED") return "bad";
  if (state === "CANCELLED" || state === "SKIPPED") return "off";
  if (state === "UNKNOWN") return finishedAt === null ? "running" : "unclear";
  return state === "RUNNING" ? "running" : "waiting";
}

/** A shape for how something stands; words stand beside it. */
export function TaskSign(props: { readonly standing: Standing }): JSX.Element {
  return (
    <span class="task-sign" data-standing={props.standing} aria-hidden="true">
      <Switch fallback={<span class="task-dot" />}>
        <Match when={props.standing === "running"}>
          <span class="spinner" />
        </Match>
        <Match when={props.standing === "good"}>
          <Icon name="check" />
        </Match>
        <Match when={props.standing === "bad"}>
          <Icon name="warning" />
        </Match>
        <Match when={props.standing === "unclear"}>
          <Icon name="question" />
        </Match>
        <Match when={props.standing === "off"}>
          <Icon name="close" />
        </Match>
      </Switch>
    </span>
  );
}
