/** What the page draws anew, seen from inside it. The programs are texts because they run in the browser. */
import type { Page } from "playwright-core";

export interface Drawing {
  /** `NAME COLUMN` of every cell of the list that was drawn since. */
  cells(): Promise<readonly string[]>;
  /** The fewest rows that were ever there since. */
  fewestRows(): Promise<number>;
}

const watch = `(() => {
  const body = document.querySelector(".grid-body");
  const count = () => body.querySelectorAll(".row").length;
  const seen = { cells: [], fewestRows: count() };
  new MutationObserver((records) => {
    seen.fewestRows = Math.min(seen.fewestRows, count());
    for (const { target } of records) {
      const element = target instanceof Element ? target : target.parentElement;
      const name = element?.closest(".row")?.querySelector(".name")?.textContent ?? "no row";
      const cell = name + " " + (element?.closest(".cell")?.dataset.column ?? "itself");
      if (!seen.cells.includes(cell)) seen.cells.push(cell);
    }
  }).observe(body, { subtree: true, childList: true, characterData: true, attributes: true });
  window.drawing = seen;
})()`;

/** From now on. The list has to be on the page already. */
export async function watchDrawing(page: Page): Promise<Drawing> {
  await page.evaluate(watch);
  return {
    cells: () => page.evaluate("window.drawing.cells"),
    fewestRows: () => page.evaluate("window.drawing.fewestRows"),
  };
}
