import { For, type JSX, Show } from "solid-js";
import { bytesText } from "../../format/size.ts";
import type { NodeDetail } from "./facts.tsx";

export function Images(props: { readonly images: NodeDetail["isoImages"] }): JSX.Element {
  return (
    <section class="card">
      <h2>ISO images</h2>
      <Show
        when={props.images.length > 0}
        fallback={
          <p class="soft">
            None was found. They are looked for in the folders named iso, isos or ISO of its datastores, and rarely.
          </p>
        }
      >
        <ul class="images">
          <For each={props.images}>
            {({ path, sizeBytes }) => (
              <li>
                <code>{path}</code> <span class="soft">{bytesText(sizeBytes)}</span>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </section>
  );
}
