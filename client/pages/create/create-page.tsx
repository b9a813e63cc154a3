import { type JSX, Show } from "solid-js";
import { useTitle } from "../../ui/use-title.ts";
import { CreateForm } from "./create-form.tsx";
import { Creation } from "./creation.tsx";
import { createPageModel } from "./page-model.ts";
import "./create.css";

export function CreatePage(): JSX.Element {
  const model = createPageModel();
  useTitle(() => "Create a VM");
  return (
    <div class="create">
      <h1>Create a VM</h1>
      <Show when={model.taskId() === undefined} fallback={<Creation model={model} />}>
        <CreateForm model={model} />
      </Show>
    </div>
  );
}
