import { createSignal, type JSX, Show } from "solid-js";
import { CopyButton } from "../../ui/copy-button.tsx";
import { readStored, store } from "../../ui/stored.ts";
import { isUserName, sshCommand } from "./links.ts";

const storageKey = "ecoman.sshUser";

/** The command that leads into the guest, for a user whom this browser remembers. */
export function SshLine(props: { readonly ipAddress: string | null }): JSX.Element {
  const [user, setUser] = createSignal(readStored(storageKey) ?? "root");
  const command = () => sshCommand(user(), props.ipAddress);

  function onInput(text: string): void {
    setUser(text.trim());
    if (isUserName(text.trim())) store(storageKey, text.trim());
  }
  return (
    <span class="vm-ssh">
      <code>ssh </code>
      <input
        class="vm-ssh-user"
        aria-label="User name for ssh"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        size={Math.max(1, user().length)}
        value={user()}
        aria-invalid={!isUserName(user())}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
      <code>@{props.ipAddress}</code>
      <Show when={command()} fallback={<span class="soft">not a plain name or address</span>}>
        {(text) => <CopyButton isBare text={text()} what="the ssh command" />}
      </Show>
    </span>
  );
}
