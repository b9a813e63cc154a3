import { A } from "@solidjs/router";
import { type JSX, Show } from "solid-js";
import { countText } from "../../format/words.ts";
import type { Node } from "../../inventory/state.ts";

/** How many VMs, by power state; a link to them in the list. */
export function VmCounts(props: { readonly node: Node }): JSX.Element {
  const counts = () => props.node.vmCounts;
  return (
    <div class="vm-counts">
      <A href={`/vms?node=${encodeURIComponent(props.node.name)}`}>{countText(counts().total, "VM")}</A>
      <span class="vm-powers">
        {counts().on} on, {counts().off} off
        <Show when={counts().suspended > 0}>, {counts().suspended} suspended</Show>
        <Show when={counts().unknown > 0}>, {counts().unknown} not known</Show>
      </span>
    </div>
  );
}
