import { type JSX, Show } from "solid-js";
import "./meter.css";

export interface MeterProps {
  /** What is measured, for screen readers: `Memory of esx01`. */
  readonly label: string;
  readonly value: number;
  /** At the right end of the bar. */
  readonly most: number;
  /** From here on it is marked. */
  readonly limit?: number;
  readonly isExceeded: boolean;
  /** Value and unit in words. */
  readonly text: string;
}

/** A bar with its limit. At or above it the bar is striped, besides its colour. */
export function Meter(props: MeterProps): JSX.Element {
  const part = (value: number) => `${Math.max(0, Math.min(100, (value / props.most) * 100))}%`;
  return (
    <span
      class="meter"
      role="meter"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={props.most}
      aria-valuenow={Math.min(props.value, props.most)}
      aria-valuetext={`${props.text}${props.isExceeded ? ", at or above the limit" : ""}`}
      data-exceeded={props.isExceeded ? "" : undefined}
    >
      <span class="meter-fill" style={{ width: part(props.value) }} />
      <Show when={props.limit !== undefined && props.limit < props.most}>
        <span class="meter-limit" style={{ left: part(props.limit ?? 0) }} />
      </Show>
    </span>
  );
}
