/** Asks once, in one sentence, and then tells what came of it for each VM. */
import { createSignal, For, type JSX, Show } from "solid-js";
import { isOld } from "../api/connection.ts";
import { useApp } from "../context.ts";
import { durationText } from "../format/time.ts";
import { countText } from "../format/words.ts";
import type { PowerAction } from "../gql/graphql.ts";
import type { Vm } from "../inventory/state.ts";
import { uptimeSeconds } from "../inventory/uptime.ts";
import { Dialog } from "../ui/dialog.tsx";
import { divide, powerWords } from "./power.ts";
import { PowerResults } from "./power-results.tsx";
import "./power-dialog.css";

export interface PowerDialogProps {
  readonly action: PowerAction;
  /** As they were shown when somebody pressed the button: what has changed since is refused by the server. */
  readonly vms: readonly Vm[];
  readonly onClose: () => void;
}

export function PowerDialog(props: PowerDialogProps): JSX.Element {
  const [isConfirmed, setConfirmed] = createSignal(false);
  const words = () => powerWords(props.action);
  const division = divide(props.vms, props.action);
  let first: HTMLButtonElement | undefined;
  return (
    <Dialog
      title={`${isConfirmed() ? words().doing : words().verb} ${subject(division.fit.length > 0 ? division.fit : props.vms)}`}
      onClose={props.onClose}
      focus={() => first}
    >
      <Show
        when={isConfirmed()}
        fallback={
          <Question
            {...props}
            {...division}
            onConfirm={() => setConfirmed(true)}
            firstRef={(button) => {
              first = button;
            }}
          />
        }
      >
        <PowerResults action={props.action} vms={division.fit} onClose={props.onClose} />
      </Show>
    </Dialog>
  );
}

interface QuestionProps extends PowerDialogProps, ReturnType<typeof divide> {
  readonly onConfirm: () => void;
  /** The safe button where the action is forced, else the one that goes on. */
  readonly firstRef: (button: HTMLButtonElement) => void;
}

function Question(props: QuestionProps): JSX.Element {
  const { connection, now } = useApp();
  const words = () => powerWords(props.action);
  const blocked = () => {
    if (props.fit.length === 0) return "None of them can take it.";
    return isOld(connection()) ? "There is no connection to the server." : undefined;
  };
  return (
    <>
      <p>{sentence(props, now())}</p>
      <Show when={props.fit.length > 1}>
        <ul class="names">
          <For each={props.fit}>{(vm) => <li>{named(vm, now())}</li>}</For>
        </ul>
      </Show>
      <Show when={props.unfit.length > 0}>
        <div class="left-out">
          <p>{countText(props.unfit.length, "VM is", "VMs are")} left out:</p>
          <ul class="names">
            <For each={props.unfit}>
              {({ vm, reason }) => (
                <li>
                  {vm.name} {reason}.
                </li>
              )}
            </For>
          </ul>
        </div>
      </Show>
      <p class="actions">
        <Show when={blocked()}>{(reason) => <span class="why">{reason()}</span>}</Show>
        <button
          type="button"
          class="button"
          ref={(button) => (words().isForced || props.fit.length === 0) && props.firstRef(button)}
          onClick={props.onClose}
        >
          Cancel
        </button>
        <button
          type="button"
          class="button"
          data-look={words().isForced ? "danger" : "main"}
          ref={(button) => words().isForced || props.fit.length === 0 || props.firstRef(button)}
          disabled={blocked() !== undefined}
          onClick={props.onConfirm}
        >
          {words().verb} {props.fit.length > 1 ? subject(props.fit) : ""}
        </button>
      </p>
    </>
  );
}

function sentence({ action, fit }: QuestionProps, now: number): string {
  const { verb, meaning } = powerWords(action);
  const [only] = fit;
  if (only === undefined) return `${verb}: none of the chosen VMs can take it now.`;
  if (fit.length === 1) return `${verb} ${named(only, now)} on ${only.node.name}? ${meaning}`;
  const nodes = new Set(fit.map((vm) => vm.node.name)).size;
  return `${verb} these ${fit.length} VMs on ${countText(nodes, "node")}? For each: ${lowered(meaning)}`;
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function subject(vms: readonly Vm[]): string {
  const [only] = vms;
  return vms.length === 1 && only !== undefined ? only.name : countText(vms.length, "VM");
}

function named(vm: Vm, now: number): string {
  const seconds = uptimeSeconds(vm, () => now);
  return seconds === null ? vm.name : `${vm.name} (up ${durationText(seconds)})`;
}
