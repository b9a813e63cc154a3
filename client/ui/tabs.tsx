import { Tabs as Kobalte } from "@kobalte/core/tabs";
import { For, type JSX } from "solid-js";
import "./tabs.css";

export interface Tab {
  readonly key: string;
  readonly label: string;
  readonly content: () => JSX.Element;
}

export interface TabsProps {
  /** What they are about, for screen readers. */
  readonly label: string;
  readonly tabs: readonly Tab[];
  /** Key of the one that is shown. */
  readonly shown: string;
  readonly onShow: (key: string) => void;
}

/** Only the content of the tab that is shown is on the page. */
export function Tabs(props: TabsProps): JSX.Element {
  return (
    <Kobalte value={props.shown} onChange={props.onShow} class="tabs">
      <Kobalte.List class="tabs-list" aria-label={props.label}>
        <For each={props.tabs}>
          {({ key, label }) => (
            <Kobalte.Trigger class="tabs-tab" value={key}>
              {label}
            </Kobalte.Trigger>
          )}
        </For>
      </Kobalte.List>
      <For each={props.tabs}>
        {({ key, content }) => (
          <Kobalte.Content class="tabs-content" value={key}>
            {content()}
          </Kobalte.Content>
        )}
      </For>
    </Kobalte>
  );
}
