import { type JSX, Show } from "solid-js";
import { ApiFailure } from "../api/failure.ts";
import { useApp } from "../context.ts";
import type { SignInMethod } from "../gql/graphql.ts";
import type { About } from "../inventory/state.ts";
import { Icon } from "../ui/icon.tsx";
import { Popover } from "../ui/popover.tsx";
import "./account-panel.css";

export interface AccountPanelProps {
  readonly about: About;
  readonly anchor: HTMLElement | undefined;
  readonly onClose: () => void;
}

const methodWords: Readonly<Record<SignInMethod, string>> = {
  LOOPBACK: "No token is set: whoever reaches this server may do everything, and only its own machine does.",
  SESSION: "Signed in with the server's token.",
  TOKEN: "By the server's token.",
};

export function AccountPanel(props: AccountPanelProps): JSX.Element {
  const { api, toasts } = useApp();

  async function signOut(): Promise<void> {
    try {
      await api.session.signOut();
      // Loaded anew, so that nothing of the fleet stays in this browser.
      location.assign("/sign-in?out");
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      toasts.show({ tone: "bad", text: `You are still signed in. ${error.message}` });
    }
  }
  return (
    <Popover label="Account" anchor={props.anchor} onClose={props.onClose}>
      <div class="account-panel">
        <h2>{props.about.viewer.name}</h2>
        <p>{methodWords[props.about.viewer.signedInBy]}</p>
        <p class="soft">
          May {props.about.viewer.permissions.includes("OPERATE") ? "see and operate" : "see, not operate"} · ECoMan{" "}
          {props.about.serverInfo.version}
        </p>
        <Show when={props.about.viewer.signedInBy === "SESSION"}>
          <button type="button" class="button" onClick={() => void signOut()}>
            <Icon name="out" /> Sign out
          </button>
        </Show>
      </div>
    </Popover>
  );
}
