import { Popover as Kobalte } from "@kobalte/core/popover";
import type { JSX } from "solid-js";

export interface PopoverProps {
  readonly label: string;
  readonly anchor: HTMLElement | undefined;
  readonly onClose: () => void;
  readonly children: JSX.Element;
}

/** Beside the button that opened it, for as long as it is on the page; the page stays usable. Load it by `lazy`. */
export function Popover(props: PopoverProps): JSX.Element {
  /** The button itself closes it. */
  function leaveToAnchor(event: Event): void {
    if (event.target instanceof Node && props.anchor?.contains(event.target)) event.preventDefault();
  }
  function focusAnchor(event: Event): void {
    event.preventDefault();
    // Whoever has clicked something else wants to be there.
    if (document.activeElement === document.body || document.activeElement === null) props.anchor?.focus();
  }
  return (
    <Kobalte
      open
      gutter={8}
      placement="bottom-end"
      anchorRef={() => props.anchor}
      onOpenChange={(isOpen) => isOpen || props.onClose()}
    >
      <Kobalte.Portal>
        <Kobalte.Content
          class="popover"
          aria-label={props.label}
          onPointerDownOutside={leaveToAnchor}
          onFocusOutside={leaveToAnchor}
          onCloseAutoFocus={focusAnchor}
        >
          {props.children}
        </Kobalte.Content>
      </Kobalte.Portal>
    </Kobalte>
  );
}
