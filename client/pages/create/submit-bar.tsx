import { For, type JSX, Show } from "solid-js";
import { isOld } from "../../api/connection.ts";
import { useApp } from "../../context.ts";
import { memoryText } from "../../format/size.ts";
import { countText } from "../../format/words.ts";
import { wholeNumber } from "./checks.ts";
import type { Form } from "./form.ts";
import type { PageModel } from "./page-model.ts";

/** What is asked for, in a sentence, and the button. */
export function SubmitBar(props: { readonly model: PageModel }): JSX.Element {
  const { connection, inventory } = useApp();
  const { model } = props;
  const why = () => {
    if (isOld(connection())) return "There is no connection to the server. What you filled in is kept.";
    const viewer = inventory.about()?.viewer;
    return viewer && !viewer.permissions.includes("OPERATE") ? "You may look, but not create." : undefined;
  };
  const faults = () => Object.keys(model.faults()).length + model.otherFaults().length;
  return (
    <div class="submit-bar">
      <p class="create-sentence">{sentence(model.form())}</p>
      <ul class="other-faults" aria-live="polite">
        <For each={model.otherFaults()}>{(text) => <li class="fault">▲ {text}</li>}</For>
        <Show when={model.failure()}>
          {(text) => (
            <li class="fault">
              ▲ {text()} What you filled in is kept. Create it again: it makes one VM, however often it is asked for.
            </li>
          )}
        </Show>
      </ul>
      <button
        type="submit"
        class="button"
        data-look="main"
        disabled={why() !== undefined}
        aria-busy={model.isAsking()}
        title={why()}
      >
        Create{model.form().name && ` ${model.form().name}`}
      </button>
      <p class="hint" role="status">
        {why() ?? (faults() > 0 ? `${countText(faults(), "field needs", "fields need")} a change.` : "")}
      </p>
    </div>
  );
}

function sentence({ name, node, cpu, memory, disk, powerOn }: Form): string {
  const mb = wholeNumber(memory);
  const sizes = `${cpu} CPU${cpu === "1" ? "" : "s"}, ${mb === undefined ? "?" : memoryText(mb)} of memory, a disk of ${disk} GB`;
  const where = node === "" ? "on a node to be chosen" : `on ${node}`;
  return `${name || "A VM"} ${where}: ${sizes}${powerOn ? ", switched on" : ""}.`;
}
