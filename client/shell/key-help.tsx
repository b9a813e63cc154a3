import { For, type JSX } from "solid-js";
import { useApp } from "../context.ts";
import { Dialog } from "../ui/dialog.tsx";

/** All keys of the page that is open and of the app. */
export function KeyHelp(props: { readonly onClose: () => void }): JSX.Element {
  const { shortcuts } = useApp();
  return (
    <Dialog title="Keys" onClose={props.onClose}>
      <For each={shortcuts.groups().toReversed()}>
        {(group) => (
          <section class="keys">
            <h3>{group.title}</h3>
            <dl>
              <For each={group.shortcuts}>
                {({ keys, label }) => (
                  <div>
                    <dt>
                      <For each={keys.split(" ")}>{(key) => <kbd>{key}</kbd>}</For>
                    </dt>
                    <dd>{label}</dd>
                  </div>
                )}
              </For>
            </dl>
          </section>
        )}
      </For>
    </Dialog>
  );
}
