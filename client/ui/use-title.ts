import { createEffect } from "solid-js";

/** The title of the page that is open, as the browser's tab shows it. */
export function useTitle(title: () => string): void {
  createEffect(() => {
    document.title = `${title()} · ECoMan`;
  });
}
