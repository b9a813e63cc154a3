/**
 * What stands in a cell. (The router sees to plain links too, and they are drawn sooner than its own.) Host strings are text here and nothing else. Each value is a memo: a VM that was read again is another
 * object, and only what differs of it is to be drawn.
 */
import { type Accessor, createMemo, type JSX, Show } from "solid-js";
import { useApp } from "../../context.ts";
import { bytesText, memoryText } from "../../format/size.ts";
import { ageText } from "../../format/time.ts";
import type { Vm } from "../../inventory/state.ts";
import { Icon } from "../../ui/icon.tsx";
import type { Column } from "./columns.ts";

export interface VmCellProps {
  readonly column: Column;
  readonly vm: Accessor<Vm>;
}

export function VmCell(props: VmCellProps): JSX.Element {
  switch (props.column.key) {
    case "power":
      return <PowerCell {...props} />;
    case "name":
      return <NameCell {...props} />;
    case "node":
      return <NodeCell {...props} />;
    case "cpu":
    case "ram":
    case "storage":
      return <LimitedCell {...props} limit={props.column.key} />;
    default:
      return <TextCell {...props} />;
  }
}

function useText(props: VmCellProps): Accessor<string> {
  const { now } = useApp();
  return createMemo(() => props.column.text(props.vm(), now));
}

function TextCell(props: VmCellProps): JSX.Element {
  const text = useText(props);
  // Only what has no width of its own may be cut off.
  return (
    <span class="clip" title={props.column.grow > 0 ? text() : undefined}>
      {text()}
    </span>
  );
}

function PowerCell(props: VmCellProps): JSX.Element {
  const text = useText(props);
  const state = createMemo(() => props.vm().powerState);
  return (
    <span class="power" data-power={state()}>
      <span class="power-sign" aria-hidden="true" />
      <span class="power-word">{text()}</span>
    </span>
  );
}

function NameCell(props: VmCellProps): JSX.Element {
  const text = useText(props);
  const id = createMemo(() => props.vm().id);
  return (
    <>
      <a class="clip name" tabindex="-1" href={`/vms/${encodeURIComponent(id())}`} title={text()}>
        {text()}
      </a>
      <Show when={props.vm().question}>
        {(question) => (
          <span class="tag" title={question().text}>
            <Icon name="question" /> asks
          </span>
        )}
      </Show>
    </>
  );
}

function NodeCell(props: VmCellProps): JSX.Element {
  const text = useText(props);
  return (
    <>
      <a class="clip quiet" tabindex="-1" href={`/nodes/${encodeURIComponent(text())}`} title={text()}>
        {text()}
      </a>
      <Show when={props.vm().stale}>
        <Age vm={props.vm} />
      </Show>
    </>
  );
}

/** How old a stale row is: since its node last answered, or, if that does answer, since the VM was last read. */
function Age(props: { readonly vm: Accessor<Vm> }): JSX.Element {
  const { inventory, now } = useApp();
  const node = inventory.node(() => props.vm().node.name);
  const seenAt = () => (node()?.status === "ONLINE" ? undefined : node()?.lastSeenAt) ?? props.vm().observedAt;
  const text = createMemo(() => {
    const at = seenAt();
    return at === null || at === undefined ? "never read" : `seen ${ageText(at, now() + inventory.clockOffset())}`;
  });
  const reason = createMemo(() => props.vm().readError ?? node()?.statusMessage ?? "The last reading failed.");
  return (
    <span class="age" title={reason()}>
      {text()}
    </span>
  );
}

interface LimitedCellProps extends VmCellProps {
  readonly limit: "cpu" | "ram" | "storage";
}

function LimitedCell(props: LimitedCellProps): JSX.Element {
  const text = useText(props);
  const exceeds = createMemo(() => props.vm().exceedsThreshold[props.limit]);
  return (
    <Show when={exceeds()} fallback={<span class="clip">{text()}</span>}>
      <Marked {...props} text={text()} />
    </Show>
  );
}

function Marked(props: LimitedCellProps & { readonly text: string }): JSX.Element {
  const { inventory } = useApp();
  const node = inventory.node(() => props.vm().node.name);
  const limitText = createMemo(() => {
    const limits = (node()?.thresholds ?? inventory.about()?.thresholds)?.vm;
    if (limits === undefined) return "";
    const texts = {
      cpu: `${limits.cpu} CPUs`,
      ram: memoryText(limits.ramMb),
      storage: bytesText(limits.storageGb * 1e9),
    };
    return ` of ${texts[props.limit]}`;
  });
  return (
    <span class="clip mark" title={`At or above the limit${limitText()}`}>
      {props.text}
      <span class="unseen"> at or above the limit</span>
    </span>
  );
}
