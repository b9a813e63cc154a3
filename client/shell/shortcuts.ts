/** Keys that do something on the page that is open. What is registered is also what `?` shows. */
import { type Accessor, createSignal, onCleanup } from "solid-js";

export interface Shortcut {
  /** As `KeyboardEvent.key`, such as `j` or `Escape`; two in a row with a blank between them: `g v`. */
  readonly keys: string;
  /** What it does, for the help. */
  readonly label: string;
  readonly run: (event: KeyboardEvent) => void;
  /** Also while somebody types into a field. Default false. */
  readonly whileTyping?: boolean;
}

export interface ShortcutGroup {
  readonly title: string;
  readonly shortcuts: readonly Shortcut[];
}

export interface Shortcuts {
  readonly groups: Accessor<readonly ShortcutGroup[]>;
  /** For as long as the component that calls it is on the page. */
  use(title: string, shortcuts: readonly Shortcut[]): void;
}

/** How long the first of two keys waits for the second. */
const chordMs = 1_000;

export function createShortcuts(): Shortcuts {
  const [groups, setGroups] = createSignal<readonly ShortcutGroup[]>([]);
  let first: { readonly key: string; readonly at: number } | undefined;

  function onKeyDown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const pressed = first && event.timeStamp - first.at < chordMs ? `${first.key} ${event.key}` : event.key;
    const shortcut = find(pressed) ?? find(event.key);
    first = startsChord(event.key) && !isTyping(event) ? { key: event.key, at: event.timeStamp } : undefined;
    if (!shortcut || (isTyping(event) && !shortcut.whileTyping) || belongsElsewhere(event)) return;
    event.preventDefault();
    shortcut.run(event);
  }

  /** The page's own stand before the app's: the last registered first. */
  function find(keys: string): Shortcut | undefined {
    const all = groups().toReversed();
    return all.flatMap(({ shortcuts }) => shortcuts).find((one) => one.keys === keys);
  }

  function startsChord(key: string): boolean {
    return groups().some(({ shortcuts }) => shortcuts.some(({ keys }) => keys.startsWith(`${key} `)));
  }

  window.addEventListener("keydown", onKeyDown);
  onCleanup(() => window.removeEventListener("keydown", onKeyDown));
  return {
    groups,
    use(title, shortcuts) {
      const group = { title, shortcuts };
      setGroups((all) => [...all, group]);
      onCleanup(() => setGroups((all) => all.filter((one) => one !== group)));
    },
  };
}

function isTyping({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLElement && target.matches("input:not([type=checkbox]), textarea, select");
}

/** A dialog and a menu keep their keys to themselves; Enter presses the button that has the focus. */
function belongsElsewhere({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (key === "Enter" && target.closest("a, button, summary") !== null) return true;
  return target.closest("[role=dialog], [role=alertdialog], [role=menu]") !== null;
}
