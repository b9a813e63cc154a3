import { For, type JSX } from "solid-js";
import { memoryText } from "../../format/size.ts";
import { wholeNumber } from "./checks.ts";
import { Field } from "./field.tsx";
import { type Preset, presets } from "./form.ts";
import type { PageModel } from "./page-model.ts";

/** Four sizes to press, and three fields for any other. */
export function SizeFields(props: { readonly model: PageModel }): JSX.Element {
  const { form, set } = props.model;
  const isChosen = ({ cpu, memory, disk }: Preset) =>
    form().cpu === cpu && form().memory === memory && form().disk === disk;
  const fields = [
    { name: "cpu", label: "CPUs", hint: () => "" },
    { name: "memory", label: "Memory (MB)", hint: () => gbHint(form().memory) },
    { name: "disk", label: "Disk (GB)", hint: () => "thin" },
  ] as const;
  return (
    <fieldset class="form-section">
      <legend>Size</legend>
      <div class="presets" role="group" aria-label="Presets">
        <For each={presets}>
          {(preset) => (
            <button
              type="button"
              class="button preset"
              aria-pressed={isChosen(preset)}
              onClick={() => set({ cpu: preset.cpu, memory: preset.memory, disk: preset.disk })}
            >
              <strong>{preset.label}</strong>
              <span class="soft">
                {preset.cpu} CPU, {memoryText(Number(preset.memory))}, {preset.disk} GB
              </span>
            </button>
          )}
        </For>
      </div>
      <div class="sizes">
        <For each={fields}>
          {({ name, label, hint }) => (
            <Field model={props.model} name={name} label={label} hint={hint()}>
              {(ties) => (
                <input
                  {...ties}
                  class="field"
                  inputmode="numeric"
                  autocomplete="off"
                  value={form()[name]}
                  onInput={({ currentTarget }) => set({ [name]: currentTarget.value })}
                />
              )}
            </Field>
          )}
        </For>
      </div>
    </fieldset>
  );
}

function gbHint(typed: string): string {
  const mb = wholeNumber(typed);
  return mb === undefined || mb < 1024 ? "" : memoryText(mb);
}
