import { For, type JSX, Show } from "solid-js";
import { datastorePath } from "../../format/datastore-path.ts";
import { bytesText } from "../../format/size.ts";
import type { Node } from "../../inventory/state.ts";
import type { NodeDetail } from "./facts.tsx";

export interface ImagesProps {
  readonly images: NodeDetail["isoImages"];
  readonly datastores: Node["datastores"];
}

export function Images(props: ImagesProps): JSX.Element {
  return (
    <section class="card">
      <h2>ISO images</h2>
      <Show
        when={props.images.length > 0}
        fallback={
          <p class="soft">None was found. They are looked for in the usual folders of its datastores, and rarely.</p>
        }
      >
        <ul class="images">
          <For each={props.images}>
            {({ path, sizeBytes }) => (
              <li>
                <code title={path}>{datastorePath(path, props.datastores)}</code>{" "}
                <span class="soft">{bytesText(sizeBytes)}</span>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </section>
  );
}
