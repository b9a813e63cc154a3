import { For, type JSX, Show } from "solid-js";
import { bytesText } from "../../format/size.ts";
import type { Node } from "../../inventory/state.ts";
import { Meter } from "../../ui/meter.tsx";

export interface DatastoresProps {
  readonly datastores: Node["datastores"];
  /** Percent in use from which on one is marked. */
  readonly limit: number;
}

export function Datastores(props: DatastoresProps): JSX.Element {
  return (
    <section class="card">
      <h2>Datastores</h2>
      <Show when={props.datastores.length > 0} fallback={<p class="soft">None is known.</p>}>
        <div class="scroll-x" role="group" aria-label="Datastores" tabindex="0">
          <table class="table">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Type</th>
                <th scope="col" class="wide">
                  In use
                </th>
                <th scope="col" data-align="end">
                  Free
                </th>
                <th scope="col" data-align="end">
                  Size
                </th>
              </tr>
            </thead>
            <tbody>
              <For each={props.datastores}>{(datastore) => <Row datastore={datastore} limit={props.limit} />}</For>
            </tbody>
          </table>
        </div>
      </Show>
    </section>
  );
}

interface RowProps {
  readonly datastore: Node["datastores"][number];
  readonly limit: number;
}

function Row(props: RowProps): JSX.Element {
  const used = () => props.datastore.usedPercent ?? 0;
  const isExceeded = () => used() >= props.limit;
  return (
    <tr>
      <th scope="row">{props.datastore.name}</th>
      <td class="nowrap">{props.datastore.type}</td>
      <Show
        when={props.datastore.mounted}
        fallback={
          <td colspan={3} class="soft">
            not mounted
          </td>
        }
      >
        <td class="wide">
          <span class="used">
            <Meter
              label={`In use of ${props.datastore.name}`}
              value={used()}
              most={100}
              limit={props.limit}
              isExceeded={isExceeded()}
              text={`${Math.round(used())} %`}
            />
            <span classList={{ mark: isExceeded() }}>{Math.round(used())} %</span>
          </span>
        </td>
        <td data-align="end">{bytesText(props.datastore.freeBytes)}</td>
        <td data-align="end">{bytesText(props.datastore.capacityBytes)}</td>
      </Show>
    </tr>
  );
}
