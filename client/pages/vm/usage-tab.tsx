import { createMemo, type JSX, Show } from "solid-js";
import { useApp } from "../../context.ts";
import { bytesText, memoryText, mhzText } from "../../format/size.ts";
import { momentText } from "../../format/time.ts";
import { Meter } from "../../ui/meter.tsx";
import { Fact } from "./fact.tsx";
import type { VmProps } from "./values.ts";
import { useLimits, useUptime } from "./values.ts";

/** What it takes, as last read; readings follow by themselves, once for each scan of its node. */
export function UsageTab(props: VmProps): JSX.Element {
  const { inventory } = useApp();
  const limits = useLimits(props.vm);
  const uptime = useUptime(props.vm);
  const node = inventory.node(() => props.vm().node.name);
  /** All its virtual CPUs busy, each on a core of its own. */
  const mostMhz = createMemo(() => {
    const { cpuCapacityMhz, cpuCores } = node() ?? {};
    const { numCpu } = props.vm();
    return cpuCapacityMhz && cpuCores && numCpu ? Math.round((cpuCapacityMhz / cpuCores) * numCpu) : null;
  });
  const mostBytes = createMemo(() => {
    const { storageCommittedBytes, storageUncommittedBytes } = props.vm();
    return storageCommittedBytes === null ? null : storageCommittedBytes + (storageUncommittedBytes ?? 0);
  });
  return (
    <div class="vm-columns">
      <section class="vm-meters">
        <h2>As last read</h2>
        <Reading label="CPU" value={props.vm().overallCpuUsageMhz} most={mostMhz()} show={mhzText} />
        <Reading
          label="Memory the guest uses"
          value={props.vm().guestMemoryUsageMb}
          most={props.vm().memorySizeMb}
          show={memoryText}
        />
        <Reading
          label="Memory it takes of the host"
          value={props.vm().hostMemoryUsageMb}
          most={props.vm().memorySizeMb}
          show={memoryText}
        />
        <Reading
          label="Storage its files take"
          value={props.vm().storageCommittedBytes}
          most={mostBytes()}
          show={bytesText}
          limit={limits().storage}
        />
      </section>
      <section>
        <h2>Times</h2>
        <dl class="vm-facts">
          <Fact label="Uptime" value={uptime() || "does not run"} />
          <Fact label="Powered on" value={moment(props.vm().bootTime)} />
          <Fact label="Read" value={moment(props.vm().observedAt)} />
          <Fact label="Reading failed" value={props.vm().readError ?? "no"} />
        </dl>
      </section>
    </div>
  );
}

function moment(iso: string | null): string {
  return iso === null ? "" : momentText(iso);
}

interface ReadingProps {
  readonly label: string;
  readonly value: number | null;
  readonly most: number | null;
  readonly show: (value: number | null) => string;
  readonly limit?: string;
}

function Reading(props: ReadingProps): JSX.Element {
  const text = () => {
    if (props.value === null) return "not known";
    if (!props.most) return props.show(props.value);
    const percent = Math.round((props.value / props.most) * 100);
    return `${props.show(props.value)} of ${props.show(props.most)} (${percent} %)`;
  };
  return (
    <div class="vm-meter">
      <p>
        <span>{props.label}</span>
        <Show when={props.limit} fallback={<span class="soft">{text()}</span>}>
          {(limit) => (
            <span class="mark" title={`At or above the limit of ${limit()}`}>
              {text()}
            </span>
          )}
        </Show>
      </p>
      <Show when={props.value !== null && props.most}>
        <Meter
          label={props.label}
          value={props.value ?? 0}
          most={props.most ?? 1}
          isExceeded={props.limit !== undefined}
          text={text()}
        />
      </Show>
    </div>
  );
}
