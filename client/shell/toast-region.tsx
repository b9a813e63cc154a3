import { A } from "@solidjs/router";
import { For, type JSX, Show } from "solid-js";
import { useApp } from "../context.ts";
import { Icon } from "../ui/icon.tsx";

export function ToastRegion(): JSX.Element {
  const { toasts } = useApp();
  return (
    <section class="toasts" aria-label="Messages" aria-live="polite">
      <For each={toasts.list()}>
        {(toast) => (
          <div class="toast" data-tone={toast.tone} role={toast.tone === "bad" ? "alert" : "status"}>
            <p>
              {toast.text} <Show when={toast.href}>{(href) => <A href={href()}>Show</A>}</Show>
            </p>
            <button
              type="button"
              class="button"
              data-look="bare"
              aria-label="Close"
              onClick={() => toasts.close(toast.id)}
            >
              <Icon name="close" />
            </button>
          </div>
        )}
      </For>
    </section>
  );
}
