/** Trades the server's token for a session. What was typed stays when it is refused. */
import { createSignal, createUniqueId, type JSX, Show } from "solid-js";
import { ApiFailure } from "../api/failure.ts";
import { SignInFailure } from "../api/session.ts";
import { useApp } from "../context.ts";
import "./sign-in.css";

export interface SignInFormProps {
  readonly tokenRef: (input: HTMLInputElement) => void;
  readonly onDone: () => void;
}

export function SignInForm(props: SignInFormProps): JSX.Element {
  const { api, now, signedIn } = useApp();
  const [failure, setFailure] = createSignal<string>();
  const [isAsking, setAsking] = createSignal(false);
  const [waitUntil, setWaitUntil] = createSignal(0);
  const waitSeconds = () => Math.max(0, Math.ceil((waitUntil() - now()) / 1000));
  const fieldId = createUniqueId();
  const messageId = createUniqueId();
  let token: HTMLInputElement | undefined;

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (isAsking() || waitSeconds() > 0 || token === undefined) return;
    setAsking(true);
    try {
      await api.session.signIn(token.value.trim());
      signedIn();
      props.onDone();
    } catch (error) {
      refuse(error);
    } finally {
      setAsking(false);
    }
  }

  function refuse(error: unknown): void {
    if (!(error instanceof ApiFailure)) throw error;
    setFailure(error.message);
    if (error instanceof SignInFailure && error.waitSeconds > 0) setWaitUntil(Date.now() + error.waitSeconds * 1000);
    token?.focus();
    token?.select();
  }

  return (
    <Show when={window.isSecureContext} fallback={<NotSecure />}>
      <form class="sign-in" onSubmit={(event) => void submit(event)}>
        {/* For password managers, which keep a name with each password. */}
        <input
          class="unseen"
          type="text"
          name="username"
          autocomplete="username"
          value="ecoman"
          tabindex="-1"
          aria-hidden="true"
          readonly
        />
        <label for={fieldId}>Token</label>
        <input
          class="field"
          id={fieldId}
          type="password"
          name="password"
          autocomplete="current-password"
          autocapitalize="off"
          spellcheck={false}
          required
          aria-invalid={failure() !== undefined}
          aria-describedby={messageId}
          ref={(input) => {
            token = input;
            props.tokenRef(input);
          }}
        />
        <p class="sign-in-message" id={messageId} role="alert">
          {failure()}
        </p>
        <button type="submit" class="button" data-look="main" aria-disabled={isAsking() || waitSeconds() > 0}>
          {waitSeconds() > 0 ? `Sign in (in ${waitSeconds()} s)` : isAsking() ? "Signing in …" : "Sign in"}
        </button>
        <p class="soft">
          It is the server's <code>ECOMAN_TOKEN</code>. This browser keeps a session in its place, which ends 12 hours
          after you last did something.
        </p>
      </form>
    </Show>
  );
}

/** Browsers keep no session there, and on its way anybody could read the token. */
function NotSecure(): JSX.Element {
  const port = location.port || "80";
  return (
    <div class="sign-in" role="alert">
      <p>
        <strong>Nobody can sign in over plain HTTP from another machine:</strong> the token could be read on its way,
        and the browser would not keep the session.
      </p>
      <p>Come by HTTPS, or through a tunnel:</p>
      <pre class="sign-in-tunnel">{`ssh -L ${port}:localhost:${port} ${location.hostname}`}</pre>
      <p>
        and then open <code>{`http://localhost:${port}/`}</code>.
      </p>
    </div>
  );
}
