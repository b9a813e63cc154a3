import { For, type JSX, Show } from "solid-js";
import { bytesText } from "../../format/size.ts";
import { Field } from "./field.tsx";
import { forVms, neededBytes } from "./fit.ts";
import type { Choices, PageModel } from "./page-model.ts";

/** Where its files and its network card go. */
export function PlaceFields(props: { readonly model: PageModel }): JSX.Element {
  return (
    <div class="pair">
      <DatastoreField model={props.model} />
      <PortGroupField model={props.model} />
    </div>
  );
}

interface Option {
  readonly value: string;
  readonly label: string;
  readonly isDisabled?: boolean;
}

function DatastoreField(props: { readonly model: PageModel }): JSX.Element {
  const { form, set, choices } = props.model;
  const options = (): readonly Option[] => {
    const usable = forVms(choices()?.datastores ?? []);
    return usable.map(({ name, mountPoint, freeBytes }) => ({
      value: usable.filter((one) => one.name === name).length > 1 ? mountPoint : name,
      label: `${name}: ${bytesText(freeBytes)} free${freeBytes < neededBytes(form()) ? ", too little" : ""}`,
      isDisabled: freeBytes < neededBytes(form()),
    }));
  };
  const usual = () => {
    const found = usualDatastore(choices());
    if (found !== undefined) return `${found.name}: ${bytesText(found.freeBytes)} free`;
    return choices()?.defaults.datastorePath ?? undefined;
  };
  return (
    <Field model={props.model} name="datastore" label="Datastore">
      {(ties) => (
        <Select
          ties={ties}
          isKnown={choices() !== undefined}
          options={options()}
          usual={usual()}
          value={form().datastore}
          onChoose={(datastore) => set({ datastore })}
        />
      )}
    </Field>
  );
}

function usualDatastore(choices: Choices | undefined): Choices["datastores"][number] | undefined {
  const path = choices?.defaults.datastorePath?.replace(/\/+$/, "").replace("/vmfs/volumes/", "");
  return choices?.datastores.find(({ name, uuid }) => path === name || path === uuid);
}

function PortGroupField(props: { readonly model: PageModel }): JSX.Element {
  const { form, set, choices } = props.model;
  const options = (): readonly Option[] =>
    (choices()?.portGroups ?? []).map(({ name, vlanId }) => ({
      value: name,
      label: vlanId === 0 ? name : `${name} (VLAN ${vlanId === 4095 ? "trunk" : vlanId})`,
    }));
  return (
    <Field model={props.model} name="portGroup" label="Port group">
      {(ties) => (
        <Select
          ties={ties}
          isKnown={choices() !== undefined}
          options={options()}
          usual={choices()?.defaults.portGroup ?? undefined}
          value={form().portGroup}
          onChoose={(portGroup) => set({ portGroup })}
        />
      )}
    </Field>
  );
}

interface SelectProps {
  /** What the node has was read. */
  readonly isKnown: boolean;
  readonly ties: JSX.SelectHTMLAttributes<HTMLSelectElement>;
  readonly options: readonly Option[];
  /** What hosts.yml gives. */
  readonly usual: string | undefined;
  readonly value: string;
  readonly onChoose: (value: string) => void;
}

function Select(props: SelectProps): JSX.Element {
  const isUnknown = () => props.value !== "" && !props.options.some(({ value }) => value === props.value);
  return (
    <select
      {...props.ties}
      class="field"
      disabled={!props.isKnown}
      onChange={({ currentTarget }) => props.onChoose(currentTarget.value)}
    >
      <option value="" selected={props.value === ""}>
        {emptyText(props)}
      </option>
      <Show when={isUnknown()}>
        <option value={props.value} selected>
          {props.value}
        </option>
      </Show>
      <For each={props.options}>
        {({ value, label, isDisabled }) => (
          <option value={value} disabled={isDisabled && value !== props.value} selected={value === props.value}>
            {label}
          </option>
        )}
      </For>
    </select>
  );
}

function emptyText({ isKnown, usual }: SelectProps): string {
  if (!isKnown) return "Choose a node first";
  return usual === undefined ? "Choose …" : `${usual} (from hosts.yml)`;
}
