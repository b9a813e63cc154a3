/** The state of the page, shared by its parts: what is filled in, what can be chosen, what is wrong, what was asked for. */
import { type Accessor, createMemo, createSignal } from "solid-js";
import { createVm } from "../../actions/create-vm.ts";
import { ApiFailure } from "../../api/failure.ts";
import { useApp } from "../../context.ts";
import { CreationChoicesDocument, type CreationChoicesQuery } from "../../gql/graphql.ts";
import { createReading } from "../../inventory/reading.ts";
import { type Faults, faultsOf, wholeNumber } from "./checks.ts";
import type { FieldName, Form } from "./form.ts";
import { toInput } from "./input.ts";
import { serverFaults } from "./server-faults.ts";
import { type DraftModel, useDraft } from "./use-draft.ts";
import { type Preview, usePreview } from "./use-preview.ts";

export type Choices = NonNullable<CreationChoicesQuery["node"]>;

export interface PageModel extends DraftModel {
  /** Of the chosen node; undefined before they were read. */
  readonly choices: Accessor<Choices | undefined>;
  readonly preview: Preview;
  readonly fault: (field: FieldName) => string | undefined;
  /** Fields at fault; what is still empty counts only once it was asked for. */
  readonly faults: Accessor<Faults>;
  /** What is wrong, but with no field. */
  readonly otherFaults: Accessor<readonly string[]>;
  readonly isAsking: Accessor<boolean>;
  /** Resolves with the fields that hinder it, in order; empty: it was asked for, or the server could not be reached. */
  readonly submit: () => Promise<readonly FieldName[]>;
  /** Why the server could not be asked to create it. */
  readonly failure: Accessor<string | undefined>;
}

export function createPageModel(): PageModel {
  const { api, inventory } = useApp();
  const draft = useDraft();
  const { form } = draft;
  const [isAttempted, setAttempted] = createSignal(false);
  const [isAsking, setAsking] = createSignal(false);
  const [failure, setFailure] = createSignal<string>();
  const node = inventory.node(() => form().node);
  const choices = createChoices(() => form().node);
  const guests = () => choices()?.guestSystems ?? [];
  const local = (isFinal: boolean) =>
    faultsOf(form(), { node: node(), vms: inventory.vms().values(), guests: guests() }, isFinal);
  const input = () => toInput(form(), guests());

  const wish = createMemo(() => {
    const { node: on, name, cpu, memory, disk } = form();
    const isReady = on !== "" && name !== "" && draft.taskId() === undefined;
    const areNumbers = [cpu, memory, disk].every((typed) => wholeNumber(typed) !== undefined);
    return isReady && areNumbers ? { form: form(), input: input() } : undefined;
  });
  const preview = usePreview(wish);
  const server = createMemo(() => serverFaults(preview.said(), form()));
  const faults = createMemo<Faults>(() => ({ ...server().byField, ...local(isAttempted()) }));

  async function ask(asked: Form): Promise<void> {
    const { key } = draft.intent();
    const answer = await createVm(api, input(), key);
    if (answer.task === null) return preview.tell({ form: asked, answer });
    inventory.dispatch({ kind: "tasksChanged", tasks: [answer.task] });
    setAttempted(false);
    draft.begun(answer.task.id);
  }

  async function submit(): Promise<readonly FieldName[]> {
    if (isAsking()) return [];
    setAttempted(true);
    setFailure(undefined);
    if (Object.keys(local(true)).length > 0) return fieldsOf(faults());
    setAsking(true);
    try {
      await ask(form());
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      setFailure(error.message);
    } finally {
      setAsking(false);
    }
    return fieldsOf(faults());
  }

  return {
    ...draft,
    choices,
    preview,
    fault: (field) => faults()[field],
    faults,
    otherFaults: () => server().others,
    isAsking,
    submit,
    failure,
  };
}

function createChoices(name: Accessor<string>): Accessor<Choices | undefined> {
  const { api, inventory } = useApp();
  const known = inventory.node(name);
  // Read again when the node was looked at for the first time, or is well again.
  const key = createMemo(() => (known() === undefined ? undefined : `${known()?.status} ${name()}`));
  const reading = createReading(key, async () => {
    const asked = name();
    const { node } = await api.query(CreationChoicesDocument, { name: asked });
    return { asked, node };
  });
  return createMemo(() => {
    const read = reading.value();
    return read?.asked === name() ? (read.node ?? undefined) : undefined;
  });
}

/** As they stand on the page. */
const order: readonly FieldName[] = [
  "name",
  "cpu",
  "memory",
  "disk",
  "node",
  "datastore",
  "portGroup",
  "iso",
  "guest",
  "firmware",
  "comment",
];

function fieldsOf(faults: Faults): readonly FieldName[] {
  return order.filter((field) => faults[field] !== undefined);
}
