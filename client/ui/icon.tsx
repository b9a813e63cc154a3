/** Line icons on a 16 by 16 grid. They only repeat what words say, so they are hidden from screen readers. */
import type { JSX } from "solid-js";

const paths = {
  auto: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 2v12M8 5l4.5-1M8 8h6M8 11l4.5 1",
  check: "m3 8.5 3.2 3.2L13 5",
  close: "m4 4 8 8m0-8-8 8",
  columns: "M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10",
  copy: "M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1",
  create: "M8 3v10M3 8h10",
  density: "M2.5 4h11M2.5 8h11M2.5 12h11",
  down: "m4 6 4 4 4-4",
  external: "M9 3h4v4M13 3 7.5 8.5M11 9.5V13H3V5h3.5",
  download: "M8 2.5v7.5m-3-3 3 3 3-3M3 13h10",
  help: "M6 6.2A2 2 0 1 1 8.6 8c-.4.2-.6.5-.6 1v.5M8 11.8v.4M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8z",
  moon: "M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5z",
  nodes: "M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01",
  off: "M8 3.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9z",
  out: "M9.5 2.5h-6v11h6M7 8h7m-2.5-2.5L14 8l-2.5 2.5",
  question: "M6 6.2A2 2 0 1 1 8.6 8c-.4.2-.6.5-.6 1v.5M8 11.8v.4",
  refresh: "M13 6.5A5.2 5.2 0 1 0 13.2 9M13.2 3v3.6H9.6",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3l3.2 3.2",
  sun: "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6zM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9",
  tasks: "m2.5 4.5 1.2 1.2L6 3.5M8.5 4.5h5M2.5 11l1.2 1.2L6 10M8.5 11h5",
  terminal: "M2.5 3h11v10h-11zM5 6l2 2-2 2M8.5 10h2.5",
  up: "m4 10 4-4 4 4",
  user: "M8 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 8 8zM3 13.5c.6-2.6 2.5-4 5-4s4.4 1.4 5 4",
  vms: "M2.5 3h11v7.5h-11zM5.5 13.5h5M8 10.5v3",
  warning: "M8 2.2 1.8 13.2h12.4zM8 6.5v3M8 11.3v.4",
} as const;

export type IconName = keyof typeof paths;

export function Icon(props: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[props.name]} />
    </svg>
  );
}
