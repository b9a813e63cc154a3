import { createSignal, type JSX, Match, Show, Switch } from "solid-js";
import { CopyButton } from "../../ui/copy-button.tsx";
import { isSameForm } from "./form.ts";
import type { PageModel } from "./page-model.ts";
import "./preview.css";

/** The very commands and the configuration file, before anything is done. */
export function PreviewPanel(props: { readonly model: PageModel }): JSX.Element {
  const { preview, form } = props.model;
  const [isOpen, setOpen] = createSignal(window.matchMedia("(min-width: 1100px)").matches);
  const plan = () => {
    const answer = preview.said()?.answer;
    return answer !== undefined && answer.commands.length > 0 ? answer : undefined;
  };
  const whyNone = () =>
    form().name === "" || form().node === ""
      ? "Give a name and choose a node to see what would be run."
      : "Nothing can be planned until the marked fields are right.";
  const isNow = () => !preview.isAsking() && isSameForm(preview.said()?.form ?? form(), form());
  return (
    <details class="preview" open={isOpen()} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Commands and configuration file</summary>
      <Switch fallback={<p class="hint">{whyNone()}</p>}>
        <Match when={preview.failure()}>{(message) => <p class="hint">{message()} It is asked again.</p>}</Match>
        <Match when={plan()}>
          {(known) => (
            <div class="plan" data-old={isNow() ? undefined : ""}>
              <Listing title="Commands" text={known().commands.join("\n")} />
              <Show when={known().vmx}>{(vmx) => <Listing title={`${form().name}.vmx`} text={vmx()} />}</Show>
            </div>
          )}
        </Match>
        <Match when={preview.isAsking()}>
          <p class="hint">Asking the server …</p>
        </Match>
      </Switch>
    </details>
  );
}

function Listing(props: { readonly title: string; readonly text: string }): JSX.Element {
  return (
    <section>
      <header>
        <h2>{props.title}</h2>
        <CopyButton text={props.text} what={props.title} />
      </header>
      <pre tabindex="0" role="group" aria-label={props.title}>
        {props.text}
      </pre>
    </section>
  );
}
