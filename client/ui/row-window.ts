/**
 * Which rows of a long list are in sight. All rows are equally high, so it is arithmetic: @tanstack/solid-virtual, for rows of
 * any height, brings 11.4 kB with it, and the list page would load 65.6 of the 60 kB it may.
 */
import { type Accessor, createEffect, createMemo, createSignal, onCleanup } from "solid-js";

export interface RowWindowOptions {
  readonly scroller: Accessor<HTMLElement | undefined>;
  readonly count: Accessor<number>;
  /** In px, all of them. */
  readonly rowHeight: Accessor<number>;
  /** What stands above the rows inside the scroller and holds still there, in px. */
  readonly top: Accessor<number>;
}

export interface RowWindow {
  /** Indexes of the rows to draw: those in sight and some before and after. */
  readonly indexes: Accessor<readonly number[]>;
  /** How many fit into sight. */
  readonly page: Accessor<number>;
  /** Moves no further than needed to show the row whole. */
  readonly show: (index: number) => void;
}

/** Drawn beyond the edges, so that scrolling does not show what is not there yet. */
const beyond = 10;
/** The window moves by so many rows at a time. */
const step = 5;

export function createRowWindow({ scroller, count, rowHeight, top }: RowWindowOptions): RowWindow {
  const [scrollTop, setScrollTop] = createSignal(0);
  const [height, setHeight] = createSignal(0);

  createEffect(() => {
    const element = scroller();
    if (element === undefined) return;
    const onScroll = (): void => void setScrollTop(element.scrollTop);
    const observer = new ResizeObserver(() => {
      setHeight(element.clientHeight);
      onScroll();
    });
    element.addEventListener("scroll", onScroll, { passive: true });
    observer.observe(element);
    onCleanup(() => {
      element.removeEventListener("scroll", onScroll);
      observer.disconnect();
    });
  });

  const first = createMemo(() => {
    const inSight = Math.floor(scrollTop() / rowHeight() / step) * step;
    const last = Math.max(0, count() - Math.ceil(height() / rowHeight()));
    return Math.max(0, Math.min(inSight, last) - beyond);
  });
  const length = createMemo(() => Math.ceil(height() / rowHeight()) + 2 * beyond + step);
  const page = createMemo(() => Math.max(1, Math.floor((height() - top()) / rowHeight()) - 1));

  return {
    indexes: createMemo(() => {
      const end = Math.min(count(), first() + length());
      return Array.from({ length: Math.max(0, end - first()) }, (_, offset) => first() + offset);
    }),
    page,
    show(index) {
      const element = scroller();
      if (element === undefined) return;
      const start = index * rowHeight();
      const end = start + rowHeight() + top() - element.clientHeight;
      if (start < element.scrollTop) element.scrollTop = start;
      else if (end > element.scrollTop) element.scrollTop = end;
    },
  };
}
