import type { JSX } from "solid-js";
import { Show } from "solid-js";
import { Dialog } from "./dialog.tsx";

export interface ConfirmDialogProps {
  readonly title: string;
  /** On the button that goes on: what it does. */
  readonly confirm: string;
  /** It can't be taken back: the button is red, and the other one has the focus. */
  readonly isDanger?: boolean;
  /** Why it can't be done now. */
  readonly blocked?: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  /** What will happen, in a sentence. */
  readonly children: JSX.Element;
}

/** Asks once before something is done. Load it by `lazy`. */
export function ConfirmDialog(props: ConfirmDialogProps): JSX.Element {
  let goOn: HTMLButtonElement | undefined;
  let leave: HTMLButtonElement | undefined;
  return (
    <Dialog
      title={props.title}
      onClose={props.onClose}
      focus={() => (props.isDanger || props.blocked !== undefined ? leave : goOn)}
    >
      {props.children}
      <p class="actions">
        <Show when={props.blocked}>{(reason) => <span class="why">{reason()}</span>}</Show>
        <button
          type="button"
          class="button"
          ref={(button) => {
            leave = button;
          }}
          onClick={props.onClose}
        >
          Go back
        </button>
        <button
          type="button"
          class="button"
          data-look={props.isDanger ? "danger" : "main"}
          disabled={props.blocked !== undefined}
          ref={(button) => {
            goOn = button;
          }}
          onClick={props.onConfirm}
        >
          {props.confirm}
        </button>
      </p>
    </Dialog>
  );
}
