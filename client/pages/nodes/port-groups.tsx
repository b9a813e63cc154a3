import { For, type JSX, Show } from "solid-js";
import type { NodeDetail } from "./facts.tsx";

export interface PortGroupsProps {
  readonly portGroups: NodeDetail["portGroups"];
  /** The one that hosts.yml gives for new VMs. */
  readonly usual: string | null;
}

export function PortGroups(props: PortGroupsProps): JSX.Element {
  return (
    <section class="card">
      <h2>Port groups</h2>
      <Show when={props.portGroups.length > 0} fallback={<p class="soft">None is known.</p>}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Switch</th>
              <th scope="col" data-align="end">
                VLAN
              </th>
            </tr>
          </thead>
          <tbody>
            <For each={props.portGroups}>
              {({ name, virtualSwitch, vlanId }) => (
                <tr>
                  <th scope="row">
                    {name} <Show when={name === props.usual}>{<span class="soft">for new VMs</span>}</Show>
                  </th>
                  <td>{virtualSwitch}</td>
                  <td data-align="end">{vlanText(vlanId)}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </Show>
    </section>
  );
}

function vlanText(id: number): string {
  if (id === 0) return "none";
  return id === 4095 ? "all (trunk)" : String(id);
}
