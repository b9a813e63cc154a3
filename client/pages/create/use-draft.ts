/** The form, kept in the address and in this tab. */
import { useBeforeLeave, useIsRouting, useLocation, useNavigate } from "@solidjs/router";
import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import { type Draft, type Intent, intentFor, readDraft, writeDraft } from "./draft.ts";
import { emptyForm, type Form, isSameForm, parseForm, printForm } from "./form.ts";

export interface DraftModel {
  readonly form: Accessor<Form>;
  readonly set: (change: Partial<Form>) => void;
  readonly taskId: Accessor<string | undefined>;
  /** For the form as it is now: the same until it changes or is asked for anew. */
  readonly intent: () => Intent;
  readonly begun: (taskId: string) => void;
  /** Back to the form, for a new wish. */
  readonly again: (change?: Partial<Form>) => void;
  /** What stood here before a link brought other values; undefined where nothing did. */
  readonly aside: Accessor<Form | undefined>;
  readonly takeBack: () => void;
}

/** Browsers refuse an address that changes with every key that is pressed. */
const writeAfterMs = 250;

export function useDraft(): DraftModel {
  const location = useLocation();
  const navigate = useNavigate();
  const isRouting = useIsRouting();
  const search = () => location.search.replace(/^\?/, "");
  const first = firstDraft(search(), readDraft());
  const [draft, setDraft] = createSignal<Draft>(first.draft);
  const [aside, setAside] = createSignal(first.aside);
  let written = search();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isKept = true;

  function change(next: (draft: Draft) => Draft): void {
    isKept = writeDraft(setDraft(next));
    clearTimeout(timer);
    timer = setTimeout(writeAddress, writeAfterMs);
  }

  function writeAddress(): void {
    // On the way to another page an address that is written now would call it off.
    timer = isRouting() ? setTimeout(writeAddress, writeAfterMs) : undefined;
    if (timer !== undefined) return;
    const printed = printForm(draft().form);
    if (printed === search()) return;
    written = printed;
    navigate(printed ? `?${printed}` : location.pathname, { replace: true, scroll: false });
  }

  queueMicrotask(writeAddress);
  // A link to other values while the page is open.
  createEffect(
    on(
      search,
      (now) => {
        if (now === written || timer !== undefined || now === printForm(draft().form)) return;
        written = now;
        const next = firstDraft(now, draft());
        setAside(next.aside);
        change(() => next.draft);
      },
      { defer: true },
    ),
  );

  // Leaving asks only where something would be lost: this browser keeps no draft.
  const wouldLose = () => !isKept && draft().taskId === undefined && !isSameForm(draft().form, emptyForm);
  function warn(event: BeforeUnloadEvent): void {
    if (wouldLose()) event.preventDefault();
  }
  useBeforeLeave((event) => {
    if (event.defaultPrevented || isThisPage(event.to)) return;
    if (!wouldLose()) return;
    event.preventDefault();
    if (!window.confirm("Leave the page? This browser keeps no drafts: what you filled in would be lost.")) return;
    event.retry(true);
  });
  window.addEventListener("beforeunload", warn);
  onCleanup(() => {
    clearTimeout(timer);
    window.removeEventListener("beforeunload", warn);
  });

  return {
    form: () => draft().form,
    set: (changed) => change((now) => ({ ...now, form: { ...now.form, ...changed } })),
    taskId: () => draft().taskId,
    intent() {
      const intent = intentFor(draft().form, draft().intent);
      change((now) => ({ ...now, intent }));
      return intent;
    },
    begun: (taskId) => change((now) => ({ ...now, taskId })),
    again: (changed = {}) => change(({ form }) => ({ form: { ...form, ...changed } })),
    aside,
    takeBack() {
      const form = aside();
      setAside(undefined);
      if (form !== undefined) change(() => ({ form }));
    },
  };
}

function isThisPage(to: string | number): boolean {
  return typeof to === "string" && (to.startsWith("?") || /^\/create(?:$|[?#])/.test(to));
}

/** What the address names comes first; a draft that it does not name is put aside, not lost. */
function firstDraft(search: string, kept: Draft | undefined): { readonly draft: Draft; readonly aside?: Form } {
  if (search === "") return { draft: kept ?? { form: emptyForm } };
  const form = parseForm(search);
  if (kept === undefined) return { draft: { form } };
  if (printForm(kept.form) === printForm(form)) return { draft: kept };
  const isWorthIt = kept.taskId === undefined && (kept.form.name !== "" || kept.form.comment !== "");
  return { draft: { form }, aside: isWorthIt ? kept.form : undefined };
}
