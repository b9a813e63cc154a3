import { Dialog as Kobalte } from "@kobalte/core/dialog";
import { type JSX, onCleanup } from "solid-js";
import { Icon } from "./icon.tsx";

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  /** What has the focus at first. Default: the button that closes it. */
  readonly focus?: () => HTMLElement | undefined;
  readonly children: JSX.Element;
}

/** A dialog that is open for as long as it is on the page: show it by `<Show>`, load it by `lazy`. Escape and a click beside it close it. */
export function Dialog(props: DialogProps): JSX.Element {
  const before = document.activeElement;
  // Once it is gone: until then it holds the focus.
  onCleanup(() => setTimeout(() => before instanceof HTMLElement && before.isConnected && before.focus()));

  function onOpenAutoFocus(event: Event): void {
    const first = props.focus?.();
    if (first === undefined) return;
    event.preventDefault();
    first.focus();
  }
  return (
    <Kobalte open onOpenChange={(open) => open || props.onClose()}>
      <Kobalte.Portal>
        <Kobalte.Overlay class="dialog-backdrop" />
        <div class="dialog-place">
          <Kobalte.Content class="dialog" onOpenAutoFocus={onOpenAutoFocus}>
            <header>
              <Kobalte.Title>{props.title}</Kobalte.Title>
              <Kobalte.CloseButton class="button" data-look="bare" aria-label="Close">
                <Icon name="close" />
              </Kobalte.CloseButton>
            </header>
            {props.children}
          </Kobalte.Content>
        </div>
      </Kobalte.Portal>
    </Kobalte>
  );
}
