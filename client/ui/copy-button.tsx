import { createSignal, type JSX, onCleanup, Show } from "solid-js";
import { Icon } from "./icon.tsx";

export interface CopyButtonProps {
  readonly text: string;
  /** What it copies: `Copy IP address`. */
  readonly label: string;
  /** Shown beside the icon. Default: the icon alone. */
  readonly children?: JSX.Element;
}

const toldMs = 2_000;

/** Puts a text on the clipboard and says for a moment that it did. */
export function CopyButton(props: CopyButtonProps): JSX.Element {
  const [told, setTold] = createSignal<"copied" | "failed">();
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));

  async function copy(): Promise<void> {
    setTold((await copyText(props.text)) ? "copied" : "failed");
    clearTimeout(timer);
    timer = setTimeout(() => setTold(undefined), toldMs);
  }
  return (
    <button
      type="button"
      class="copy"
      aria-label={props.label}
      title={`${props.label}: ${props.text}`}
      data-told={told()}
      onClick={() => void copy()}
    >
      <Icon name={told() === "copied" ? "check" : "copy"} />
      {props.children}
      <span class="unseen" role="status">
        <Show when={told()}>{told() === "copied" ? "Copied" : "Could not be copied"}</Show>
      </span>
      <Show when={told() === "failed"}>
        <span aria-hidden="true">not allowed here</span>
      </Show>
    </button>
  );
}

/** False where the browser does not allow it. Pages over plain HTTP have no clipboard but the old way. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const before = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "unseen";
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  if (before instanceof HTMLElement) before.focus();
  return isCopied;
}
