import { createMemo, type JSX, Show } from "solid-js";
import { useApp } from "../../context.ts";
import { ageText, momentText } from "../../format/time.ts";
import type { Node } from "../../inventory/state.ts";

/** When the node was last read in full, and how long that took. */
export function LastLook(props: { readonly node: Node }): JSX.Element {
  const { now, inventory } = useApp();
  const age = createMemo(() => {
    const at = props.node.lastScan?.at;
    return at === undefined ? "never read" : `read ${ageText(at, now() + inventory.clockOffset())}`;
  });
  return (
    <span class="last-look" title={props.node.lastScan === null ? undefined : momentText(props.node.lastScan.at)}>
      {age()}
      <Show when={props.node.lastScan}>{(scan) => <> in {scanText(scan().durationMs)}</>}</Show>
    </span>
  );
}

export function scanText(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}
