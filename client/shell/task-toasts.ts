/** Tells when a task ends, wherever somebody is: once, and only of those that ended since the page was loaded. */
import { createEffect, onCleanup } from "solid-js";
import { useApp } from "../context.ts";
import { taskStateText } from "../format/task-words.ts";
import { countText } from "../format/words.ts";
import { hasEnded } from "../inventory/rows.ts";
import type { Task } from "../inventory/state.ts";
import { titleOf } from "../tasks/words.ts";
import type { Toast } from "./toasts.ts";

/** What ends together is told together. */
const gatherMs = 400;
const mostSingly = 2;
const longestText = 240;

export function useTaskToasts(): void {
  const { inventory, toasts } = useApp();
  const loadedAt = Date.now();
  /** Ids of those that need no telling (any more). */
  const told = new Set<string>();
  let ended: Task[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));

  function tell(): void {
    timer = undefined;
    const together = ended;
    ended = [];
    if (together.length > mostSingly) toasts.show(summaryOf(together));
    else for (const task of together) toasts.show(toastOf(task));
  }

  createEffect(() => {
    // Before the server's clock is known nobody can say what came first.
    if (inventory.about() === undefined) return;
    for (const task of inventory.tasks().values()) {
      if (!hasEnded(task) || told.has(task.id)) continue;
      told.add(task.id);
      if (Date.parse(task.finishedAt ?? "") < loadedAt + inventory.clockOffset()) continue;
      ended.push(task);
      timer ??= setTimeout(tell, gatherMs);
    }
  });
}

function toastOf(task: Task): Omit<Toast, "id"> {
  const { id, state, result, error, finishedAt } = task;
  const text = error?.message ?? result ?? `${titleOf(task)}: ${taskStateText(state, finishedAt).toLowerCase()}.`;
  return {
    tone: state === "SUCCEEDED" ? "good" : state === "CANCELLED" ? "plain" : "bad",
    text: text.length > longestText ? `${text.slice(0, longestText)} …` : text,
    href: `/tasks?task=${encodeURIComponent(id)}`,
  };
}

function summaryOf(tasks: readonly Task[]): Omit<Toast, "id"> {
  const bad = tasks.filter(({ state }) => state === "FAILED" || state === "UNKNOWN").length;
  const text = `${countText(tasks.length, "task")} have ended`;
  return bad > 0
    ? { tone: "bad", text: `${text}, ${bad} of them without success.`, href: "/tasks" }
    : { tone: "good", text: `${text}.`, href: "/tasks" };
}
