import { createSignal, type JSX, lazy, Show, Suspense } from "solid-js";
import type { CheckMenuProps } from "./check-menu.tsx";
import { Icon } from "./icon.tsx";

const CheckMenu = lazy(async () => ({ default: (await import("./check-menu.tsx")).CheckMenu }));

/** A CheckMenu that costs nothing before it is asked for: until then it is a button that looks the same. */
export function LazyCheckMenu(props: Omit<CheckMenuProps, "startsOpen">): JSX.Element {
  const [isWanted, setWanted] = createSignal(false);
  const button = () => (
    <button
      type="button"
      class="button"
      aria-haspopup="menu"
      data-set={props.isSet ? "" : undefined}
      onClick={() => setWanted(true)}
      onPointerEnter={() => void CheckMenu.preload()}
      onFocus={() => void CheckMenu.preload()}
    >
      <Icon name={props.icon} /> {props.label} <Icon name="down" />
    </button>
  );
  return (
    <Show when={isWanted()} fallback={button()}>
      <Suspense fallback={button()}>
        <CheckMenu {...props} startsOpen />
      </Suspense>
    </Show>
  );
}
