import { type Accessor, createSignal, onCleanup } from "solid-js";

/** Whether a media query holds, as it changes. */
export function useMedia(query: string): Accessor<boolean> {
  const media = window.matchMedia(query);
  const [matches, setMatches] = createSignal(media.matches);
  const listen = (): void => void setMatches(media.matches);
  media.addEventListener("change", listen);
  onCleanup(() => media.removeEventListener("change", listen));
  return matches;
}
