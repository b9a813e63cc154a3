import { type JSX, Show } from "solid-js";
import type { FieldName } from "./form.ts";
import type { PageModel } from "./page-model.ts";
import "./field.css";

export interface FieldProps {
  readonly model: PageModel;
  readonly name: FieldName;
  readonly label: string;
  readonly hint?: JSX.Element;
  /** Given what ties the input to its label, hint and fault. */
  readonly children: (ties: FieldTies) => JSX.Element;
}

export interface FieldTies {
  readonly id: string;
  readonly "aria-describedby": string;
  readonly "aria-invalid": boolean;
}

/** A label, an input, what it means, and what is wrong with it. */
export function Field(props: FieldProps): JSX.Element {
  const id = `create-${props.name}`;
  const fault = () => props.model.fault(props.name);
  const ties = {
    id,
    "aria-describedby": `${id}-hint ${id}-fault`,
    get "aria-invalid"() {
      return fault() !== undefined;
    },
  };
  return (
    <div class="form-field" data-field={props.name} data-fault={fault() === undefined ? undefined : ""}>
      <label for={id}>{props.label}</label>
      {props.children(ties)}
      <p id={`${id}-hint`} class="hint">
        {props.hint}
      </p>
      <Fault id={`${id}-fault`} text={fault()} />
    </div>
  );
}

export function Fault(props: { readonly id: string; readonly text: string | undefined }): JSX.Element {
  return (
    <p id={props.id} class="fault" aria-live="polite">
      <Show when={props.text}>
        {(text) => (
          <>
            <span aria-hidden="true">▲ </span>
            {text()}
          </>
        )}
      </Show>
    </p>
  );
}
