import { A } from "@solidjs/router";
import type { JSX } from "solid-js";
import { EmptyState } from "../../ui/empty-state.tsx";

export function NotFoundPage(): JSX.Element {
  return (
    <EmptyState title="There is no such page" icon="question">
      <p>
        The address may be mistyped, or from an older version. <A href="/vms">Go to the VMs</A>
      </p>
    </EmptyState>
  );
}
