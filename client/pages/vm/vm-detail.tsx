import { useLocation, useNavigate } from "@solidjs/router";
import { type Accessor, createMemo, createSignal, type JSX, lazy, Show, Suspense } from "solid-js";
import type { PowerAction } from "../../gql/graphql.ts";
import type { Vm } from "../../inventory/state.ts";
import { Tabs } from "../../ui/tabs.tsx";
import { HardwareTab } from "./hardware-tab.tsx";
import { Notices } from "./notices.tsx";
import { OverviewTab } from "./overview-tab.tsx";
import { PendingQuestion } from "./pending-question.tsx";
import { PowerActions } from "./power-actions.tsx";
import { QuickFacts } from "./quick-facts.tsx";
import { TasksTab } from "./tasks-tab.tsx";
import { UsageTab } from "./usage-tab.tsx";
import { useDetailKeys } from "./use-detail-keys.ts";
import type { VmProps } from "./values.ts";
import { VmHead } from "./vm-head.tsx";

const PowerDialog = lazy(async () => ({ default: (await import("../../actions/power-dialog.tsx")).PowerDialog }));

/** In this order, and by these words in the address. */
const tabKeys = ["overview", "hardware", "usage", "tasks"] as const;

interface Asked {
  readonly action: PowerAction;
  readonly vm: Vm;
}

export function VmDetail(props: VmProps): JSX.Element {
  const [asked, setAsked] = createSignal<Asked>();
  const [tab, showTab] = useTab();
  let page: HTMLElement | undefined;
  useDetailKeys({ page: () => page, showTab: (index) => showTab(tabKeys[index] ?? "overview") });
  return (
    <article
      class="vm"
      data-stale={props.vm().stale ? "" : undefined}
      ref={(element) => {
        page = element;
      }}
    >
      <VmHead vm={props.vm} />
      <PowerActions vm={props.vm} onAsk={(action) => setAsked({ action, vm: props.vm() })} />
      <PendingQuestion vm={props.vm} />
      <Notices vm={props.vm} />
      <QuickFacts vm={props.vm} />
      <Tabs
        label={`About ${props.vm().name}`}
        shown={tab()}
        onShow={showTab}
        tabs={[
          { key: "overview", label: "Overview", content: () => <OverviewTab vm={props.vm} /> },
          { key: "hardware", label: "Hardware", content: () => <HardwareTab vm={props.vm} /> },
          { key: "usage", label: "Usage", content: () => <UsageTab vm={props.vm} /> },
          { key: "tasks", label: "Tasks", content: () => <TasksTab vm={props.vm} /> },
        ]}
      />
      <Show when={asked()} keyed>
        {({ action, vm }) => (
          <Suspense>
            <PowerDialog action={action} vms={[vm]} onClose={() => setAsked(undefined)} />
          </Suspense>
        )}
      </Show>
    </article>
  );
}

/** The tab is part of the address, so that a link leads to it. */
function useTab(): [Accessor<string>, (key: string) => void] {
  const location = useLocation();
  const navigate = useNavigate();
  const shown = createMemo(() => {
    const wanted = new URLSearchParams(location.search).get("tab");
    return tabKeys.find((key) => key === wanted) ?? "overview";
  });
  return [
    shown,
    (key) => {
      if (key === shown()) return;
      navigate(key === "overview" ? location.pathname : `?tab=${key}`, { replace: true, scroll: false });
    },
  ];
}
