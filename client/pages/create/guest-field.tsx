import { For, type JSX } from "solid-js";
import type { Firmware } from "../../gql/graphql.ts";
import { Field } from "./field.tsx";
import { guestIdOf } from "./input.ts";
import type { PageModel } from "./page-model.ts";

const firmwareWords: Readonly<Record<Firmware, string>> = { BIOS: "BIOS", EFI: "UEFI" };
const firmwares: readonly Firmware[] = ["BIOS", "EFI"];

/** The guest system, found by typing, and the firmware that goes with it. */
export function GuestFields(props: { readonly model: PageModel }): JSX.Element {
  const { form, set, choices } = props.model;
  const guests = () => choices()?.guestSystems ?? [];
  const chosen = () => guests().find(({ id }) => id === guestIdOf(form().guest, guests()));
  const hint = () => {
    if (form().guest.trim() === "") return "Empty: by the image's name, else other 64-bit Linux";
    if (guests().length === 0) return "The node did not tell which it knows: give its id, such as debian12_64Guest";
    return chosen()?.id ?? "";
  };
  const recommended = () => {
    const firmware = chosen()?.firmware;
    return firmware ? ` (${firmwareWords[firmware]})` : "";
  };
  return (
    <div class="pair">
      <Field model={props.model} name="guest" label="Guest system" hint={hint()}>
        {(ties) => (
          <>
            <input
              {...ties}
              class="field"
              list="create-guests"
              placeholder="Type to search"
              autocomplete="off"
              spellcheck={false}
              value={chosen()?.fullName ?? form().guest}
              onInput={({ currentTarget }) => set({ guest: currentTarget.value })}
              onChange={({ currentTarget }) =>
                set({ guest: guestIdOf(currentTarget.value, guests()) ?? currentTarget.value })
              }
            />
            <datalist id="create-guests">
              <For each={guests()}>{({ id, fullName }) => <option value={fullName}>{id}</option>}</For>
            </datalist>
          </>
        )}
      </Field>
      <Field model={props.model} name="firmware" label="Firmware">
        {(ties) => (
          <select
            {...ties}
            class="field"
            onChange={({ currentTarget }) =>
              set({ firmware: firmwares.find((one) => one === currentTarget.value) ?? "" })
            }
          >
            <option value="" selected={form().firmware === ""}>
              What fits the guest{recommended()}
            </option>
            <For each={firmwares}>
              {(firmware) => (
                <option value={firmware} selected={form().firmware === firmware}>
                  {firmwareWords[firmware]}
                </option>
              )}
            </For>
          </select>
        )}
      </Field>
    </div>
  );
}
