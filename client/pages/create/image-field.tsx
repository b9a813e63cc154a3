import { createMemo, For, type JSX, Show } from "solid-js";
import { datastorePath } from "../../format/datastore-path.ts";
import { Field, type FieldTies } from "./field.tsx";
import { emptyPath, noImage } from "./form.ts";
import type { PageModel } from "./page-model.ts";

interface Folder {
  readonly name: string;
  readonly images: readonly { readonly path: string; readonly file: string }[];
}

const otherPath = "other";

/** The installation image: one of the node's, by folder; any other by its path; or none. */
export function ImageField(props: { readonly model: PageModel }): JSX.Element {
  const { form, set, choices } = props.model;
  const folders = createMemo(() => foldersOf(props.model));
  const isListed = () => folders().some(({ images }) => images.some(({ path }) => path === form().iso));
  const isOther = () => form().iso !== "" && form().iso !== noImage && !isListed();
  const usual = () => {
    if (choices() === undefined) return "Choose a node first";
    const path = choices()?.defaults.isoPath;
    return path ? `${datastorePath(path, choices()?.datastores ?? [])} (from hosts.yml)` : "None";
  };

  function choose(value: string): void {
    set({ iso: value === otherPath ? emptyPath : value });
  }

  const select = (ties: FieldTies) => (
    <select
      {...ties}
      class="field"
      disabled={choices() === undefined}
      onChange={({ currentTarget }) => choose(currentTarget.value)}
    >
      <option value="" selected={form().iso === ""}>
        {usual()}
      </option>
      <Show when={choices()?.defaults.isoPath}>
        <option value={noImage} selected={form().iso === noImage}>
          None
        </option>
      </Show>
      <For each={folders()}>
        {({ name, images }) => (
          <optgroup label={name}>
            <For each={images}>
              {({ path, file }) => (
                <option value={path} selected={path === form().iso}>
                  {file}
                </option>
              )}
            </For>
          </optgroup>
        )}
      </For>
      <option value={otherPath} selected={isOther()}>
        Another path …
      </option>
    </select>
  );

  return (
    <Field
      model={props.model}
      name="iso"
      label="Installation image"
      hint={isOther() ? "A full path, or [datastore] folder/image.iso. The host is asked for it." : ""}
    >
      {(ties) => (
        <>
          {select(ties)}
          <Show when={isOther()}>
            <input
              class="field"
              aria-label="Path of the image"
              aria-describedby={ties["aria-describedby"]}
              spellcheck={false}
              autocomplete="off"
              placeholder="[datastore1] iso/debian.iso"
              value={form().iso.trim()}
              onInput={({ currentTarget }) => set({ iso: currentTarget.value || emptyPath })}
            />
          </Show>
        </>
      )}
    </Field>
  );
}

function foldersOf({ choices }: PageModel): readonly Folder[] {
  const known = choices();
  const folders = new Map<string, { path: string; file: string }[]>();
  for (const { path } of known?.isoImages ?? []) {
    const shown = datastorePath(path, known?.datastores ?? []);
    const cut = shown.lastIndexOf("/") < 0 ? shown.indexOf("] ") + 2 : shown.lastIndexOf("/") + 1;
    const folder = shown.slice(0, cut).replace(/[/ ]$/, "");
    folders.set(folder, [...(folders.get(folder) ?? []), { path, file: shown.slice(cut) }]);
  }
  return [...folders].map(([name, images]) => ({ name, images }));
}
