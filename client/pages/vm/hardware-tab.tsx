import type { JSX } from "solid-js";
import { bytesText, memoryText } from "../../format/size.ts";
import { connectionWords } from "../../format/words.ts";
import { Fact } from "./fact.tsx";
import type { VmProps } from "./values.ts";
import { useLimits } from "./values.ts";

const yesOrNo = (value: boolean | null): string | null => (value === null ? null : value ? "yes" : "no");

/** What it is made of, and by which names the host and others know it. */
export function HardwareTab(props: VmProps): JSX.Element {
  const limits = useLimits(props.vm);
  return (
    <div class="vm-columns">
      <section>
        <h2>Hardware</h2>
        <dl class="vm-facts">
          <Fact label="CPUs" value={props.vm().numCpu} limit={limits().cpu} />
          <Fact label="RAM" value={memoryText(props.vm().memorySizeMb)} limit={limits().ram} />
          <Fact label="Disks" value={props.vm().numVirtualDisks} />
          <Fact label="Network cards" value={props.vm().numEthernetCards} />
          <Fact label="Virtual hardware" value={props.vm().hardwareVersion} />
          <Fact label="Guest system" value={props.vm().guestFullName} />
          <Fact label="Guest id" value={props.vm().guestId} />
        </dl>
      </section>
      <div>
        <section>
          <h2>Storage</h2>
          <dl class="vm-facts">
            <Fact label="Datastore" value={props.vm().datastore} />
            <Fact
              label="File"
              value={props.vm().datastorePath}
              copies={props.vm().datastorePath === null ? undefined : "the path"}
            />
            <Fact label="Takes" value={bytesText(props.vm().storageCommittedBytes)} limit={limits().storage} />
            <Fact label="May grow by" value={bytesText(props.vm().storageUncommittedBytes)} />
            <Fact label="Consolidation needed" value={yesOrNo(props.vm().consolidationNeeded)} />
            <Fact label="Reachable for the host" value={connectionWords[props.vm().connectionState]} />
          </dl>
        </section>
        <section>
          <h2>Identity</h2>
          <dl class="vm-facts">
            <Fact label="vmid" value={props.vm().vmid} copies="the vmid" />
            <Fact label="UUID" value={props.vm().uuid} copies={props.vm().uuid === null ? undefined : "the UUID"} />
            <Fact
              label="Instance UUID"
              value={props.vm().instanceUuid}
              copies={props.vm().instanceUuid === null ? undefined : "the instance UUID"}
            />
            <Fact label="ECoMan's id" value={props.vm().id} copies="the id" />
          </dl>
        </section>
      </div>
    </div>
  );
}
