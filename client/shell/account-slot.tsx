import { createSignal, type JSX, lazy, Show, Suspense } from "solid-js";
import { useApp } from "../context.ts";
import { Icon } from "../ui/icon.tsx";

const AccountMenu = lazy(async () => ({ default: (await import("./account-menu.tsx")).AccountMenu }));

/** Who is signed in, and the way out. */
export function AccountSlot(): JSX.Element {
  const { inventory } = useApp();
  const [isWanted, setWanted] = createSignal(false);
  const button = () => (
    <button
      type="button"
      class="button"
      data-look="bare"
      aria-label="Account"
      title="Account"
      aria-haspopup="menu"
      onClick={() => setWanted(true)}
      onPointerEnter={() => void AccountMenu.preload()}
      onFocus={() => void AccountMenu.preload()}
    >
      <Icon name="user" />
    </button>
  );
  return (
    <Show when={inventory.about()}>
      {(about) => (
        <Show when={isWanted()} fallback={button()}>
          <Suspense fallback={button()}>
            <AccountMenu about={about()} />
          </Suspense>
        </Show>
      )}
    </Show>
  );
}
