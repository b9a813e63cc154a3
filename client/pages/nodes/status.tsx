import type { JSX } from "solid-js";
import { statusWords } from "../../format/words.ts";
import type { NodeStatus } from "../../gql/graphql.ts";

/** How a node is doing: a shape and a word. */
export function Status(props: { readonly status: NodeStatus }): JSX.Element {
  return (
    <span class="node-status" data-status={props.status}>
      <span class="node-sign" aria-hidden="true" />
      {statusWords[props.status]}
    </span>
  );
}
