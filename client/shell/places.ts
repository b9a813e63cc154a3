import type { IconName } from "../ui/icon.tsx";

export interface Place {
  readonly href: string;
  readonly label: string;
  readonly icon: IconName;
  /** Pressed after `g`. */
  readonly key: string;
}

/** What the navigation shows, in this order. */
export const places: readonly Place[] = [
  { href: "/vms", label: "VMs", icon: "vms", key: "v" },
  { href: "/nodes", label: "Nodes", icon: "nodes", key: "n" },
  { href: "/create", label: "Create", icon: "create", key: "c" },
  { href: "/tasks", label: "Tasks", icon: "tasks", key: "t" },
];
