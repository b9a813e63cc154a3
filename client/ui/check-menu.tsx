import { DropdownMenu } from "@kobalte/core/dropdown-menu";
import { For, type JSX, Show } from "solid-js";
import { Icon, type IconName } from "./icon.tsx";

export interface CheckItem {
  readonly key: string;
  readonly label: string;
  readonly isChecked: boolean;
  /** Behind the label: how many there are of it, and the like. */
  readonly detail?: string;
}

export interface CheckMenuProps {
  readonly label: string;
  readonly icon: IconName;
  readonly items: readonly CheckItem[];
  readonly onToggle: (key: string) => void;
  /** It narrows what is shown: the button says so. */
  readonly isSet?: boolean;
  /** At the end of the menu: back to the default. */
  readonly reset?: { readonly label: string; readonly run: () => void };
  /** It was asked for before it was loaded. */
  readonly startsOpen?: boolean;
}

/** A button with a menu of things to tick, which stays open while they are. Load it by `lazy`. */
export function CheckMenu(props: CheckMenuProps): JSX.Element {
  return (
    <DropdownMenu gutter={4} defaultOpen={props.startsOpen ?? false} modal={false}>
      <DropdownMenu.Trigger class="button" data-set={props.isSet ? "" : undefined}>
        <Icon name={props.icon} /> {props.label} <Icon name="down" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content class="menu">
          <For each={props.items}>
            {(item) => (
              <DropdownMenu.CheckboxItem
                class="menu-item"
                checked={item.isChecked}
                closeOnSelect={false}
                onChange={() => props.onToggle(item.key)}
              >
                <span class="menu-check">
                  <DropdownMenu.ItemIndicator>
                    <Icon name="check" />
                  </DropdownMenu.ItemIndicator>
                </span>
                <DropdownMenu.ItemLabel>{item.label}</DropdownMenu.ItemLabel>
                <span class="menu-detail">{item.detail}</span>
              </DropdownMenu.CheckboxItem>
            )}
          </For>
          <Show when={props.reset}>
            {(reset) => (
              <>
                <DropdownMenu.Separator class="menu-line" />
                <DropdownMenu.Item class="menu-item" onSelect={reset().run}>
                  <span class="menu-check" /> {reset().label}
                </DropdownMenu.Item>
              </>
            )}
          </Show>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  );
}
