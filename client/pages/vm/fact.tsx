import { type JSX, Show } from "solid-js";
import { CopyButton } from "../../ui/copy-button.tsx";
import "./facts.css";

export interface FactProps {
  readonly label: string;
  /** As text; null and an empty one: not known. */
  readonly value: string | number | null | undefined;
  /** At or above its limit; the limit in words. */
  readonly limit?: string;
  /** What is copied, for screen readers: it can be. */
  readonly copies?: string;
  /** Beside the value. */
  readonly children?: JSX.Element;
}

/** A label and a value, in a `dl`. */
export function Fact(props: FactProps): JSX.Element {
  const text = () => String(props.value ?? "");
  return (
    <div class="vm-fact">
      <dt>{props.label}</dt>
      <dd>
        <Show when={text()} fallback={<span class="soft">not known</span>}>
          <Show when={props.limit} fallback={<span class="vm-value">{text()}</span>}>
            {(limit) => (
              <span class="mark" title={`At or above the limit of ${limit()}`}>
                {text()}
                <span class="unseen"> at or above the limit of {limit()}</span>
              </span>
            )}
          </Show>
          <Show when={props.copies}>{(what) => <CopyButton isBare text={text()} what={what()} />}</Show>
        </Show>
        {props.children}
      </dd>
    </div>
  );
}
