import { useLocation, useNavigate } from "@solidjs/router";
import { createEffect, createResource, type JSX, Match, onMount, Switch } from "solid-js";
import { SignInForm } from "../../actions/sign-in-form.tsx";
import { ApiFailure } from "../../api/failure.ts";
import { useApp } from "../../context.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { useTitle } from "../../ui/use-title.ts";
import { wayBack } from "./way-back.ts";
import "./sign-in-page.css";

/** Trades the token for a session, and leads back to where somebody wanted to go. */
export function SignInPage(): JSX.Element {
  const { api, connection } = useApp();
  const location = useLocation();
  const navigate = useNavigate();
  const [state, { refetch }] = createResource(() => api.session.read());
  const goBack = (): void => navigate(wayBack(location.search, window.location.origin), { replace: true });
  useTitle(() => "Sign in");
  // Nobody needs to sign in, or somebody did in another tab.
  createEffect(() =>
    (state.state === "ready" && state().signedIn) || connection().kind === "live" ? goBack() : undefined,
  );
  return (
    <Switch fallback={<p class="sign-in-page soft">Asking the server …</p>}>
      <Match when={state.error instanceof ApiFailure ? state.error : undefined}>
        {(failure) => (
          <EmptyState title="The sign-in can't be reached" icon="warning">
            <p>{failure().message} Is it running?</p>
            <p class="actions">
              <button type="button" class="button" onClick={() => void refetch()}>
                Try again
              </button>
            </p>
          </EmptyState>
        )}
      </Match>
      <Match when={state.state === "ready" && !state().signedIn}>
        <SignIn wasOut={new URLSearchParams(location.search).has("out")} onDone={goBack} />
      </Match>
    </Switch>
  );
}

function SignIn(props: { readonly wasOut: boolean; readonly onDone: () => void }): JSX.Element {
  let token: HTMLInputElement | undefined;
  onMount(() => token?.focus());
  return (
    <section class="sign-in-page" aria-labelledby="sign-in-title">
      <h1 id="sign-in-title">Sign in to ECoMan</h1>
      <p class="soft" role="status">
        {props.wasOut ? "You are signed out." : ""}
      </p>
      <SignInForm
        tokenRef={(input) => {
          token = input;
        }}
        onDone={props.onDone}
      />
    </section>
  );
}
