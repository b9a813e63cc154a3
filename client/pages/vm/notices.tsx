import { A } from "@solidjs/router";
import { createMemo, For, type JSX, Show } from "solid-js";
import { useApp } from "../../context.ts";
import { ageText } from "../../format/time.ts";
import { connectionWords, statusWords } from "../../format/words.ts";
import type { Node, Vm } from "../../inventory/state.ts";
import { Icon } from "../../ui/icon.tsx";
import type { VmProps } from "./values.ts";

/** What is wrong or old, and the way to where it is mended. */
export function Notices(props: VmProps): JSX.Element {
  const { inventory, now } = useApp();
  const node = inventory.node(() => props.vm().node.name);
  const notices = createMemo(() => noticesOf(props.vm(), node()));
  const age = createMemo(() => {
    const { observedAt } = props.vm();
    if (observedAt === null) return "It was never read.";
    return `It was last read ${ageText(observedAt, now() + inventory.clockOffset())}.`;
  });
  const nodeHref = () => `/nodes/${encodeURIComponent(props.vm().node.name)}`;
  return (
    <Show when={notices().length > 0 || props.vm().stale}>
      <ul class="vm-notices" aria-label="To be looked at">
        <Show when={props.vm().stale}>
          <li>
            <Icon name="warning" />
            <span>
              <strong>What is shown is its last known state.</strong> {age()}{" "}
              <A href={nodeHref()}>See how {props.vm().node.name} is</A>
            </span>
          </li>
        </Show>
        <For each={notices()}>
          {(text) => (
            <li>
              <Icon name="warning" /> <span>{text}</span>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}

function noticesOf(vm: Vm, node: Node | undefined): readonly string[] {
  const notices: string[] = [];
  if (node !== undefined && node.status !== "ONLINE" && vm.stale) {
    notices.push(node.statusMessage ?? `${node.name}: ${statusWords[node.status]}.`);
  }
  if (vm.readError !== null) notices.push(`It can't be read now: ${vm.readError}`);
  if (vm.connectionState !== "CONNECTED" && vm.connectionState !== "UNKNOWN") {
    notices.push(`For the host it is ${connectionWords[vm.connectionState].toLowerCase()}: look at its files there.`);
  }
  if (vm.consolidationNeeded) {
    notices.push("Its disks wait for a consolidation after snapshots: start it in the host's UI.");
  }
  return notices;
}
