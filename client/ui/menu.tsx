import { DropdownMenu } from "@kobalte/core/dropdown-menu";
import { For, type JSX } from "solid-js";
import { Icon, type IconName } from "./icon.tsx";

export interface MenuItem {
  readonly label: string;
  readonly icon: IconName;
  readonly run: () => void;
}

export interface MenuProps {
  readonly label: string;
  readonly icon: IconName;
  readonly items: readonly MenuItem[];
  /** Stands above the items, to read. */
  readonly children: JSX.Element;
}

/** A button that was pressed before this was loaded, so it starts open. Load it by `lazy`. */
export function Menu(props: MenuProps): JSX.Element {
  return (
    <DropdownMenu gutter={8} defaultOpen placement="bottom-end">
      <DropdownMenu.Trigger class="button" data-look="bare" aria-label={props.label} title={props.label}>
        <Icon name={props.icon} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content class="menu">
          <DropdownMenu.Group>
            <DropdownMenu.GroupLabel class="menu-head">{props.children}</DropdownMenu.GroupLabel>
            <For each={props.items}>
              {({ label, icon, run }) => (
                <DropdownMenu.Item class="menu-item" onSelect={run}>
                  <Icon name={icon} /> {label}
                </DropdownMenu.Item>
              )}
            </For>
          </DropdownMenu.Group>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  );
}
