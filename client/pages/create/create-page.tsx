import type { JSX } from "solid-js";
export function CreatePage(): JSX.Element {
  return <p>…</p>;
}
