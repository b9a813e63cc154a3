import { type JSX, onMount, Show } from "solid-js";
import { Field } from "./field.tsx";
import type { FieldName } from "./form.ts";
import { GuestFields } from "./guest-field.tsx";
import { ImageField } from "./image-field.tsx";
import { NodeChooser } from "./node-chooser.tsx";
import type { PageModel } from "./page-model.ts";
import { PlaceFields } from "./place-fields.tsx";
import { PreviewPanel } from "./preview-panel.tsx";
import { SizeFields } from "./size-fields.tsx";
import { SubmitBar } from "./submit-bar.tsx";

export function CreateForm(props: { readonly model: PageModel }): JSX.Element {
  const { form, set, submit } = props.model;
  let element: HTMLFormElement | undefined;

  async function onSubmit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const [first] = await submit();
    if (first !== undefined) focusField(element, first);
  }

  onMount(() => form().name === "" && focusField(element, "name"));
  return (
    <form
      class="create-form"
      aria-label="New VM"
      novalidate
      onSubmit={(event) => void onSubmit(event)}
      ref={(form) => {
        element = form;
      }}
    >
      <div class="create-fields">
        <SetAside model={props.model} />
        <Field model={props.model} name="name" label="Name">
          {(ties) => (
            <input
              {...ties}
              class="field"
              autocomplete="off"
              spellcheck={false}
              value={form().name}
              onInput={({ currentTarget }) => set({ name: currentTarget.value })}
            />
          )}
        </Field>
        <SizeFields model={props.model} />
        <NodeChooser model={props.model} />
        <fieldset class="form-section">
          <legend>On the node</legend>
          <PlaceFields model={props.model} />
          <ImageField model={props.model} />
          <GuestFields model={props.model} />
        </fieldset>
        <Field model={props.model} name="comment" label="Comment">
          {(ties) => (
            <textarea
              {...ties}
              class="field"
              rows={2}
              value={form().comment}
              onInput={({ currentTarget }) => set({ comment: currentTarget.value })}
            />
          )}
        </Field>
        <label class="check">
          <input
            type="checkbox"
            checked={form().powerOn}
            onChange={({ currentTarget }) => set({ powerOn: currentTarget.checked })}
          />
          Power on when it is there
        </label>
      </div>
      <aside class="create-side" aria-label="What will be done">
        <SubmitBar model={props.model} />
        <PreviewPanel model={props.model} />
      </aside>
    </form>
  );
}

function SetAside(props: { readonly model: PageModel }): JSX.Element {
  return (
    <Show when={props.model.aside()}>
      {(form) => (
        <p class="aside">
          The link brought other values. What you had filled in{form().name && ` for “${form().name}”`} is kept.
          <button type="button" class="button" onClick={props.model.takeBack}>
            Take it back
          </button>
        </p>
      )}
    </Show>
  );
}

function focusField(form: HTMLFormElement | undefined, field: FieldName): void {
  form?.querySelector<HTMLElement>(`[data-field=${field}] :is(input, select, textarea):not(:disabled)`)?.focus();
}
