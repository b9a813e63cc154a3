/** What was typed, kept by this tab through a reload and a visit to other pages. */
import { newKey } from "../../actions/new-key.ts";
import { emptyForm, type Form, printForm } from "./form.ts";

export interface Draft {
  readonly form: Form;
  readonly intent?: Intent;
  /** The task that was begun with it. */
  readonly taskId?: string;
}

/** One wish: asked twice with the same key it makes one VM. `of`: the wish, printed. */
export interface Intent {
  readonly key: string;
  readonly of: string;
}

const storageKey = "ecoman.create";

export function readDraft(): Draft | undefined {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(storageKey) ?? "null");
    if (typeof stored !== "object" || stored === null || !("form" in stored)) return undefined;
    const draft = stored as Draft;
    return { ...draft, form: { ...emptyForm, ...draft.form } };
  } catch {
    // Without storage, or with another version's draft in it, there is none.
    return undefined;
  }
}

/** False: this browser keeps nothing. */
export function writeDraft(draft: Draft): boolean {
  try {
    sessionStorage.setItem(storageKey, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

/** The key of what is asked for: the one that was used for exactly this, or a new one. */
export function intentFor(form: Form, before: Intent | undefined): Intent {
  const of = `${printForm(form)}\n${form.comment}`;
  return before?.of === of ? before : { key: newKey(), of };
}
