/** The view, kept in the address and remembered by this browser. */
import { useIsRouting, useLocation, useNavigate } from "@solidjs/router";
import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import { readStored, store } from "../../ui/stored.ts";
import { parseView, printView, type View } from "./view.ts";

const storageKey = "ecoman.vms";
/** Browsers refuse an address that changes with every key that is pressed. */
const writeAfterMs = 250;

export function useView(): [Accessor<View>, (change: (view: View) => View) => void] {
  const location = useLocation();
  const navigate = useNavigate();
  const isRouting = useIsRouting();
  const asked = location.search.replace(/^\?/, "");
  let written = asked || (readStored(storageKey) ?? "");
  const [view, setView] = createSignal(parseView(written));
  let timer: ReturnType<typeof setTimeout> | undefined;

  function write(): void {
    clearTimeout(timer);
    // On the way to another page an address that is written now would call it off.
    timer = isRouting() ? setTimeout(write, writeAfterMs) : undefined;
    if (timer !== undefined) return;
    const search = printView(view());
    store(storageKey, search);
    if (search === location.search.replace(/^\?/, "")) return;
    written = search;
    navigate(search ? `?${search}` : location.pathname, { replace: true, scroll: false });
  }

  if (asked === "" && written !== "") queueMicrotask(write);
  // A link, or the browser's back button, leads to another view.
  createEffect(
    on(
      () => location.search.replace(/^\?/, ""),
      (search) => {
        if (search === written || timer !== undefined) return;
        written = search;
        setView(parseView(search));
      },
      { defer: true },
    ),
  );
  onCleanup(() => {
    if (timer === undefined) return;
    clearTimeout(timer);
    store(storageKey, printView(view()));
  });

  return [
    view,
    (change) => {
      setView(change);
      clearTimeout(timer);
      timer = setTimeout(write, writeAfterMs);
    },
  ];
}
