import { createSignal, type JSX, onCleanup } from "solid-js";
import { Icon } from "./icon.tsx";

export interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for screen readers: `the line`. */
  readonly what: string;
}

const shownMs = 2_000;

/** Puts a text into the clipboard and says so. */
export function CopyButton(props: CopyButtonProps): JSX.Element {
  const [outcome, setOutcome] = createSignal<"copied" | "failed">();
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));

  async function copy(): Promise<void> {
    // Without https there is no clipboard on other machines than this one.
    const isCopied = await (navigator.clipboard as Clipboard | undefined)?.writeText(props.text).then(
      () => true,
      () => false,
    );
    setOutcome(isCopied ? "copied" : "failed");
    clearTimeout(timer);
    timer = setTimeout(() => setOutcome(undefined), shownMs);
  }

  const words = () => {
    if (outcome() === "copied") return "Copied";
    return outcome() === "failed" ? "Select it and press Ctrl+C" : "Copy";
  };
  return (
    <button type="button" class="button copy" onClick={() => void copy()}>
      <Icon name={outcome() === "copied" ? "check" : "copy"} />
      <span role="status">
        {words()}
        <span class="unseen"> {props.what}</span>
      </span>
    </button>
  );
}
