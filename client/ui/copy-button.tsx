import { createSignal, type JSX, onCleanup, Show } from "solid-js";
import { Icon } from "./icon.tsx";

export interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for screen readers: `the line`. */
  readonly what: string;
  /** An icon beside a value. Default false. */
  readonly isBare?: boolean;
}

const shownMs = 2_000;

/** Puts a text into the clipboard and says so. */
export function CopyButton(props: CopyButtonProps): JSX.Element {
  const [outcome, setOutcome] = createSignal<"copied" | "failed">();
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));

  async function copy(): Promise<void> {
    setOutcome((await copyText(props.text)) ? "copied" : "failed");
    clearTimeout(timer);
    timer = setTimeout(() => setOutcome(undefined), shownMs);
  }

  const words = () => {
    if (outcome() === "copied") return "Copied";
    return outcome() === "failed" ? "Select it and press Ctrl+C" : "Copy";
  };
  return (
    <>
      <button
        type="button"
        class={props.isBare ? "copy-bare" : "button copy"}
        title={props.isBare ? `Copy ${props.what}` : undefined}
        data-outcome={outcome()}
        onClick={() => void copy()}
      >
        <Icon name={outcome() === "copied" ? "check" : "copy"} />
        <span class={props.isBare && outcome() === undefined ? "unseen" : undefined}>
          {words()}
          <Show when={outcome() === undefined}>
            <span class="unseen"> {props.what}</span>
          </Show>
        </span>
      </button>
      {/* Beside the button: what stands in a status is no part of a button's name. */}
      <span class="unseen" role="status">
        {outcome() && words()}
      </span>
    </>
  );
}

/** False where the browser does not allow it. */
async function copyText(text: string): Promise<boolean> {
  try {
    // Without https there is no clipboard on other machines than this one.
    await (navigator.clipboard as Clipboard | undefined)?.writeText(text);
    return "clipboard" in navigator;
  } catch {
    return false;
  }
}
