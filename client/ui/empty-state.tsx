import type { JSX } from "solid-js";
import { Icon, type IconName } from "./icon.tsx";

export interface EmptyStateProps {
  readonly title: string;
  readonly icon: IconName;
  /** What to do next. */
  readonly children?: JSX.Element;
}

/** Where there is nothing to show: what that means, and the next step. */
export function EmptyState(props: EmptyStateProps): JSX.Element {
  return (
    <section class="empty">
      <Icon name={props.icon} />
      <h2>{props.title}</h2>
      {props.children}
    </section>
  );
}
