import { A } from "@solidjs/router";
import { createMemo, For, type JSX, Show } from "solid-js";
import { useApp } from "../../context.ts";
import { taskStateText } from "../../format/task-words.ts";
import { ageText } from "../../format/time.ts";
import { statusWords, toolsText } from "../../format/words.ts";
import { inOrder } from "../../tasks/filter.ts";
import { standingOfState, TaskSign } from "../../tasks/task-sign.tsx";
import { titleOf } from "../../tasks/words.ts";
import { Fact } from "./fact.tsx";
import type { VmProps } from "./values.ts";
import "../../tasks/tasks.css";

export function OverviewTab(props: VmProps): JSX.Element {
  return (
    <div class="vm-columns">
      <div>
        <Guest {...props} />
        <NodeCard {...props} />
      </div>
      <div>
        <section>
          <h2>Comment</h2>
          <Show when={props.vm().comment} fallback={<p class="soft">None.</p>}>
            {(comment) => <p class="vm-comment">{comment()}</p>}
          </Show>
        </section>
        <LatestTasks {...props} />
      </div>
    </div>
  );
}

function Guest(props: VmProps): JSX.Element {
  const ifKnown = (value: string | null, what: string) => (value === null ? undefined : what);
  return (
    <section>
      <h2>Guest</h2>
      <dl class="vm-facts">
        <Fact label="Host name" value={props.vm().hostname} copies={ifKnown(props.vm().hostname, "the host name")} />
        <Fact
          label="IP address"
          value={props.vm().ipAddress}
          copies={ifKnown(props.vm().ipAddress, "the IP address")}
        />
        <Fact label="Guest system" value={props.vm().guestFullName} />
        <Fact label="Tools" value={toolsText(props.vm().toolsStatus)} />
        <Fact label="Tools now" value={toolsText(props.vm().toolsRunningStatus)} />
      </dl>
    </section>
  );
}

function NodeCard(props: VmProps): JSX.Element {
  const { inventory, now } = useApp();
  const node = inventory.node(() => props.vm().node.name);
  const seen = createMemo(() => {
    const at = node()?.lastSeenAt;
    return at === null || at === undefined ? "never" : ageText(at, now() + inventory.clockOffset());
  });
  const version = () => [node()?.version, node()?.build && `build ${node()?.build}`].filter(Boolean).join(", ");
  return (
    <section>
      <h2>Node</h2>
      <dl class="vm-facts">
        <div class="vm-fact">
          <dt>Name</dt>
          <dd>
            <A href={`/nodes/${encodeURIComponent(props.vm().node.name)}`}>{props.vm().node.name}</A>
          </dd>
        </div>
        <Fact label="Status" value={node() && statusWords[node()?.status ?? "PENDING"]} />
        <Fact label="Address" value={node()?.address} />
        <Fact label="ESXi" value={version()} />
        <Fact label="Last answer" value={seen()} />
      </dl>
    </section>
  );
}

const mostTasks = 4;

/** Of those that the inventory holds; the tab has them all. */
function LatestTasks(props: VmProps): JSX.Element {
  const { inventory, now } = useApp();
  const tasks = createMemo(() =>
    inOrder([...inventory.tasks().values()].filter(({ vmId }) => vmId === props.vm().id)).slice(0, mostTasks),
  );
  return (
    <section>
      <h2>Latest tasks</h2>
      <Show when={tasks().length > 0} fallback={<p class="soft">None of late.</p>}>
        <ul class="vm-latest">
          <For each={tasks()}>
            {(task) => (
              <li>
                <TaskSign standing={standingOfState(task.state, task.finishedAt)} />
                <A class="task-link clip" href={`/tasks?task=${encodeURIComponent(task.id)}`}>
                  {titleOf(task)}
                </A>
                <span class="soft">
                  {taskStateText(task.state, task.finishedAt)},{" "}
                  {ageText(task.createdAt, now() + inventory.clockOffset())}
                </span>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </section>
  );
}
