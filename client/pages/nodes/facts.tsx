import { type JSX, Show } from "solid-js";
import { useApp } from "../../context.ts";
import { mhzText } from "../../format/size.ts";
import { ageText, momentText } from "../../format/time.ts";
import type { NodeDetailQuery } from "../../gql/graphql.ts";
import type { Node } from "../../inventory/state.ts";
import { gibText } from "./capacity.ts";
import { LastLook } from "./last-look.tsx";
import { VmCounts } from "./vm-counts.tsx";

export type NodeDetail = NonNullable<NodeDetailQuery["node"]>;

export interface FactsProps {
  readonly node: Node;
  /** Undefined while it is read. */
  readonly detail: NodeDetail | undefined;
}

/** What the node is, in words and numbers. */
export function Facts(props: FactsProps): JSX.Element {
  const node = () => props.node;
  const counted = (count: number | null | undefined, what: string) => (count ? `${count} ${what}` : undefined);
  const cpu = () =>
    [
      counted(props.detail?.cpuPackages, props.detail?.cpuPackages === 1 ? "socket" : "sockets"),
      counted(node().cpuCores, "cores"),
      counted(node().cpuThreads, "threads"),
      mhzText(props.detail?.cpuMhz ?? null) || undefined,
    ]
      .filter((part) => part !== undefined)
      .join(", ");
  const use = () => {
    const { cpuUsageMhz, cpuCapacityMhz } = node();
    if (cpuUsageMhz === null || !cpuCapacityMhz) return "";
    const percent = Math.round((cpuUsageMhz / cpuCapacityMhz) * 100);
    return `${percent} %: ${mhzText(cpuUsageMhz)} of ${mhzText(cpuCapacityMhz)}`;
  };
  return (
    <section class="card" aria-label="Facts">
      <dl class="facts">
        <Fact label="VMs">
          <VmCounts node={node()} />
        </Fact>
        <Fact label="Last look">
          <LastLook node={node()} />
          <Show when={node().lastScan}>{(scan) => <span class="soft">{scan().vmsRead} VMs read in full</span>}</Show>
        </Fact>
        <Fact label="Last answer">
          <Seen at={node().lastSeenAt} />
        </Fact>
        <Fact label="ESXi">
          {node().version ?? ""}
          <Show when={node().build}>{(build) => <span class="soft">build {build()}</span>}</Show>
        </Fact>
        <Fact label="Processor">
          {node().cpuModel ?? ""}
          <span class="soft">{cpu()}</span>
        </Fact>
        <Fact label="CPU in use">{use()}</Fact>
        <Fact label="Memory">{node().memoryBytes === null ? "" : gibText(node().memoryBytes ?? 0)}</Fact>
        <Fact label="Virtual hardware">{props.detail?.hardwareVersion ?? ""}</Fact>
      </dl>
    </section>
  );
}

function Fact(props: { readonly label: string; readonly children: JSX.Element }): JSX.Element {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

function Seen(props: { readonly at: string | null }): JSX.Element {
  const { now, inventory } = useApp();
  return (
    <Show when={props.at} fallback="never">
      {(at) => <span title={momentText(at())}>{ageText(at(), now() + inventory.clockOffset())}</span>}
    </Show>
  );
}
