import { For, type JSX, Show } from "solid-js";
import { useApp } from "../../context.ts";
import { durationText, momentText, timeText } from "../../format/time.ts";
import { statusWords } from "../../format/words.ts";
import type { Node } from "../../inventory/state.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { adviceFor, hostClientUrl, retryAt } from "./advice.ts";

/** What happened to a node that is not well, and what to do about it. Nothing for one that is. */
export function Trouble(props: { readonly node: Node }): JSX.Element {
  const { now, inventory } = useApp();
  const advice = () => adviceFor(props.node);
  const since = () => Date.parse(props.node.statusSince);
  const serverNow = () => now() + inventory.clockOffset();
  return (
    <Show when={props.node.status !== "ONLINE"}>
      <div class="trouble" data-status={props.node.status}>
        <p class="trouble-head">
          <Icon name="warning" />
          <strong>{statusWords[props.node.status]}</strong>
          <span title={momentText(props.node.statusSince)}>for {durationText((serverNow() - since()) / 1000)}</span>
        </p>
        <Show when={props.node.statusMessage}>{(message) => <p>{message()}</p>}</Show>
        <Show when={advice().text}>{(text) => <p>{text()}</p>}</Show>
        <For each={advice().snippets}>
          {({ where, text }) => (
            <div class="snippet">
              <span>{where}:</span>
              <code>{text}</code>
              <CopyButton text={text} what={text} />
            </div>
          )}
        </For>
        <Retry node={props.node} now={serverNow()} />
        <Show when={advice().isOnHost && hostClientUrl(props.node.address)}>
          {(url) => (
            <p>
              <a href={url()} target="_blank" rel="noreferrer">
                Open Host Client
              </a>
            </p>
          )}
        </Show>
      </div>
    </Show>
  );
}

function Retry(props: { readonly node: Node; readonly now: number }): JSX.Element {
  return (
    <Show when={retryAt(props.node)}>
      {(at) => (
        <p>
          <Show
            when={at() > props.now}
            fallback="The same ones can be tried once more now: refresh the node. One attempt is made."
          >
            The same ones can be tried again by a refresh from {timeText(at())} on (in{" "}
            {durationText((at() - props.now) / 1000 + 59)}): more attempts before that could lock the account.
          </Show>
        </p>
      )}
    </Show>
  );
}
