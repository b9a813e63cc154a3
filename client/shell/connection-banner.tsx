/** Says within two seconds that what is on the screen may be old. */
import { useLocation } from "@solidjs/router";
import { type JSX, Match, Switch } from "solid-js";
import type { Connection } from "../api/connection.ts";
import { useApp } from "../context.ts";
import { durationText, timeText } from "../format/time.ts";
import { Icon } from "../ui/icon.tsx";

export function ConnectionBanner(props: { readonly onSignIn: () => void }): JSX.Element {
  const { connection } = useApp();
  const location = useLocation();
  const lost = () => {
    const state = connection();
    return state.kind === "lost" ? state : undefined;
  };
  return (
    <div class="connection" role="status" data-kind={connection().kind}>
      <Switch fallback={<span class="connection-live">{connection().kind === "live" ? "Live" : "Connecting …"}</span>}>
        <Match when={lost()}>{(state) => <Lost state={state()} />}</Match>
        <Match when={connection().kind === "signedOut" && location.pathname === "/sign-in"}>Not signed in</Match>
        <Match when={connection().kind === "signedOut"}>
          <p class="banner">
            <Icon name="warning" />
            <span>
              <strong>Your session has ended</strong>
              <span class="banner-detail"> · what is shown may be old</span>
            </span>
            <button type="button" class="button" onClick={props.onSignIn}>
              Sign in
            </button>
          </p>
        </Match>
      </Switch>
    </div>
  );
}

function Lost(props: { readonly state: Connection & { readonly kind: "lost" } }): JSX.Element {
  const { now, retry } = useApp();
  const retryIn = () => Math.ceil(((props.state.retryAt ?? 0) - now()) / 1000);
  return (
    <p class="banner">
      <Icon name="warning" />
      <span>
        <strong>Connection lost</strong>
        <span class="banner-detail" title={props.state.reason}>
          {" "}
          · shown as of {timeText(props.state.since)}
          <span aria-hidden="true">
            {" "}
            ({durationText((now() - props.state.since) / 1000)} ago{retryIn() > 0 ? `, next try in ${retryIn()} s` : ""}
            )
          </span>
        </span>
      </span>
      <button type="button" class="button" onClick={retry}>
        Try now
      </button>
    </p>
  );
}
