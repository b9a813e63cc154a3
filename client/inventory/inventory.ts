/** The inventory as pages see it: signals over the state that `apply` makes. */
import { type Accessor, createMemo, createSignal } from "solid-js";
import { apply } from "./apply.ts";
import type { Message } from "./message.ts";
import { type About, emptyInventory, type InventoryState, isComplete, type Node, type Task, type Vm } from "./state.ts";

export interface Inventory {
  /** Rows keep their identity until something of them changes. */
  readonly vms: Accessor<ReadonlyMap<string, Vm>>;
  /** By name. */
  readonly nodes: Accessor<ReadonlyMap<string, Node>>;
  readonly tasks: Accessor<ReadonlyMap<string, Task>>;
  /** Viewer, server and limits; undefined before the first answer. */
  readonly about: Accessor<About | undefined>;
  /** All VMs were read once: from now on an empty list means that there are none. */
  readonly isComplete: Accessor<boolean>;
  /** How many VMs there are, while they are read for the first time. */
  readonly vmTotal: Accessor<number | undefined>;
  /** One VM; undefined when there is none (yet). Redraws only where this one changes. */
  vm(id: Accessor<string | undefined>): Accessor<Vm | undefined>;
  node(name: Accessor<string | undefined>): Accessor<Node | undefined>;
  task(id: Accessor<string | undefined>): Accessor<Task | undefined>;
  /** Add to `Date.now()` for the server's time, in ms. */
  readonly clockOffset: Accessor<number>;
  /** The state as of now, for those who feed it. */
  readonly current: () => InventoryState;
  readonly dispatch: (message: Message) => void;
}

/** Changes are shown together: with a lively fleet they come faster than anyone reads. */
const publishAfterMs = 50;

export function createInventory(): Inventory {
  let current = emptyInventory;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const [state, setState] = createSignal(current);

  function publish(): void {
    timer = undefined;
    setState(current);
  }

  const vms = createMemo(() => state().vms.rows);
  const nodes = createMemo(() => state().nodes.rows);
  const tasks = createMemo(() => state().tasks.rows);

  function one<Row>(rows: Accessor<ReadonlyMap<string, Row>>) {
    return (key: Accessor<string | undefined>): Accessor<Row | undefined> =>
      createMemo(() => {
        const wanted = key();
        return wanted === undefined ? undefined : rows().get(wanted);
      });
  }

  return {
    vms,
    nodes,
    tasks,
    about: createMemo(() => state().about),
    isComplete: createMemo<boolean>((was) => was || isComplete(state()), false),
    vmTotal: createMemo(() => state().vmTotal),
    vm: one(vms),
    node: one(nodes),
    task: one(tasks),
    clockOffset: createMemo(() => state().clockOffset),
    current: () => current,
    dispatch(message) {
      current = apply(current, message);
      timer ??= setTimeout(publish, publishAfterMs);
    },
  };
}
