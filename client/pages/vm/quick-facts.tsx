import { createMemo, type JSX, Show } from "solid-js";
import { useApp } from "../../context.ts";
import { bytesText, memoryText } from "../../format/size.ts";
import { ageText } from "../../format/time.ts";
import { toolsText } from "../../format/words.ts";
import { Fact } from "./fact.tsx";
import { SshLine } from "./ssh-line.tsx";
import type { VmProps } from "./values.ts";
import { healthWords, useLimits, useUptime } from "./values.ts";

/** What one wants to know first. */
export function QuickFacts(props: VmProps): JSX.Element {
  const { inventory, now } = useApp();
  const limits = useLimits(props.vm);
  const uptime = useUptime(props.vm);
  const read = createMemo(() => {
    const { observedAt } = props.vm();
    return observedAt === null ? "never" : ageText(observedAt, now() + inventory.clockOffset());
  });
  const isRunning = () => props.vm().powerState === "ON";
  const health = createMemo(() => props.vm().overallStatus);
  return (
    <dl class="vm-facts vm-quick">
      <Fact
        label="IP address"
        value={props.vm().ipAddress ?? (isRunning() ? null : "none while off")}
        copies={props.vm().ipAddress === null ? undefined : "the IP address"}
      />
      <div class="vm-fact">
        <dt>Shell</dt>
        <dd>
          <Show when={props.vm().ipAddress} fallback={<span class="soft">needs an IP address</span>}>
            {(ipAddress) => <SshLine ipAddress={ipAddress()} />}
          </Show>
        </dd>
      </div>
      <Fact label="Uptime" value={uptime() || (isRunning() ? null : "does not run")} />
      <Fact label="Guest system" value={props.vm().guestFullName} />
      <Fact label="Tools" value={toolsText(props.vm().toolsStatus)} />
      <Fact label="CPUs" value={props.vm().numCpu} limit={limits().cpu} />
      <Fact label="RAM" value={memoryText(props.vm().memorySizeMb)} limit={limits().ram} />
      <Fact label="Storage" value={bytesText(props.vm().storageCommittedBytes)} limit={limits().storage} />
      <div class="vm-fact">
        <dt>Health</dt>
        <dd>
          <Show when={health()} fallback={<span class="soft">not known</span>}>
            {(status) => (
              <span class="vm-health" data-health={status()}>
                {healthWords[status()]}
              </span>
            )}
          </Show>
        </dd>
      </div>
      <Fact label="Read" value={read()} />
    </dl>
  );
}
