import { createMemo, For, type JSX } from "solid-js";
import { useApp } from "../../context.ts";
export function VmsPage(): JSX.Element {
  const { inventory } = useApp();
  const vms = createMemo(() => [...inventory.vms().values()]);
  return (
    <ul>
      <For each={vms()}>
        {(vm) => (
          <li>
            {vm.name} {vm.powerState}
          </li>
        )}
      </For>
    </ul>
  );
}
