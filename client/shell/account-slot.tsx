import { createSignal, type JSX, lazy, Show, Suspense } from "solid-js";
import { useApp } from "../context.ts";
import { Icon } from "../ui/icon.tsx";

const AccountPanel = lazy(async () => ({ default: (await import("./account-panel.tsx")).AccountPanel }));

/** Who is signed in, and the way out. */
export function AccountSlot(): JSX.Element {
  const { inventory } = useApp();
  const [isOpen, setOpen] = createSignal(false);
  const [button, setButton] = createSignal<HTMLElement>();
  return (
    <Show when={inventory.about()}>
      {(about) => (
        <>
          <button
            type="button"
            class="button"
            data-look="bare"
            aria-label="Account"
            title="Account"
            aria-haspopup="dialog"
            aria-expanded={isOpen()}
            ref={setButton}
            onClick={() => setOpen((was) => !was)}
            onPointerEnter={() => void AccountPanel.preload()}
          >
            <Icon name="user" />
          </button>
          <Show when={isOpen()}>
            <Suspense>
              <AccountPanel about={about()} anchor={button()} onClose={() => setOpen(false)} />
            </Suspense>
          </Show>
        </>
      )}
    </Show>
  );
}
