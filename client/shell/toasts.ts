/** Short messages that come and go: what ended, what failed. */
import { type Accessor, createSignal } from "solid-js";

export interface Toast {
  readonly id: number;
  readonly tone: "good" | "bad" | "plain";
  readonly text: string;
  /** Where there is more to see. */
  readonly href?: string;
}

export interface Toasts {
  readonly list: Accessor<readonly Toast[]>;
  /** A bad one stays until it is closed. */
  show(toast: Omit<Toast, "id">): void;
  close(id: number): void;
}

const shownMs = 6_000;
const most = 5;

export function createToasts(): Toasts {
  const [list, setList] = createSignal<readonly Toast[]>([]);
  let lastId = 0;
  const close = (id: number): void => {
    setList((all) => all.filter((toast) => toast.id !== id));
  };
  return {
    list,
    close,
    show(toast) {
      const id = ++lastId;
      setList((all) => [...all, { ...toast, id }].slice(-most));
      if (toast.tone !== "bad") setTimeout(() => close(id), shownMs);
    },
  };
}
