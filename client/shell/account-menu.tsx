import type { JSX } from "solid-js";
import { ApiFailure } from "../api/failure.ts";
import { useApp } from "../context.ts";
import type { SignInMethod } from "../gql/graphql.ts";
import type { About } from "../inventory/state.ts";
import { Menu } from "../ui/menu.tsx";

const methodWords: Readonly<Record<SignInMethod, string>> = {
  LOOPBACK: "No token is set: only this machine can reach the server",
  SESSION: "Signed in with the server's token",
  TOKEN: "By the server's token",
};

export function AccountMenu(props: { readonly about: About }): JSX.Element {
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
  const isSession = () => props.about.viewer.signedInBy === "SESSION";
  return (
    <Menu
      label="Account"
      icon="user"
      items={isSession() ? [{ label: "Sign out", icon: "out", run: () => void signOut() }] : []}
    >
      <strong>{props.about.viewer.name}</strong>
      <span>{methodWords[props.about.viewer.signedInBy]}</span>
      <span>May {props.about.viewer.permissions.includes("OPERATE") ? "see and operate" : "see, not operate"}</span>
      <span>ECoMan {props.about.serverInfo.version}</span>
    </Menu>
  );
}
