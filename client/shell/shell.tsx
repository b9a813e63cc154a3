/** What stands around every page. */
import { A, type RouteSectionProps, useNavigate } from "@solidjs/router";
import { createSignal, ErrorBoundary, For, type JSX, lazy, Show, Suspense } from "solid-js";
import { isOld } from "../api/connection.ts";
import { useApp } from "../context.ts";
import { Icon } from "../ui/icon.tsx";
import { AccountSlot } from "./account-slot.tsx";
import { ConnectionBanner } from "./connection-banner.tsx";
import { PageFailure } from "./page-failure.tsx";
import { places } from "./places.ts";
import { useSessionRenewal } from "./session-renewal.ts";
import { SignInGuard } from "./sign-in-guard.tsx";
import { TasksSlot } from "./tasks-slot.tsx";
import { ThemeSwitch } from "./theme-switch.tsx";
import { ToastRegion } from "./toast-region.tsx";

const KeyHelp = lazy(async () => ({ default: (await import("./key-help.tsx")).KeyHelp }));

export function Shell(props: RouteSectionProps): JSX.Element {
  const { connection, shortcuts } = useApp();
  const navigate = useNavigate();
  const [isHelpOpen, setHelpOpen] = createSignal(false);
  const [isSigningIn, setSigningIn] = createSignal(false);
  useSessionRenewal();

  shortcuts.use("Everywhere", [
    { keys: "?", label: "Show these keys", run: () => setHelpOpen(true) },
    ...places.map(({ key, label, href }) => ({ keys: `g ${key}`, label: `Go to ${label}`, run: () => navigate(href) })),
  ]);

  return (
    <>
      <a class="skip" href="#page">
        Skip to the page
      </a>
      <header class="top">
        <A class="brand" href="/vms">
          ECoMan
        </A>
        <nav class="places" aria-label="Pages">
          <For each={places}>
            {({ href, label, icon }) => (
              <A href={href} activeClass="active">
                <Icon name={icon} /> {label}
              </A>
            )}
          </For>
        </nav>
        <ConnectionBanner onSignIn={() => setSigningIn(true)} />
        <TasksSlot />
        <ThemeSwitch />
        <button
          type="button"
          class="button"
          data-look="bare"
          aria-label="Keys"
          title="Keys (?)"
          onClick={() => setHelpOpen(true)}
        >
          <Icon name="help" />
        </button>
        <AccountSlot />
      </header>
      <main id="page" class="page" tabindex="-1" data-old={isOld(connection()) ? "" : undefined}>
        <ErrorBoundary fallback={(error: unknown, reset) => <PageFailure error={error} onRetry={reset} />}>
          <Suspense>{props.children}</Suspense>
        </ErrorBoundary>
      </main>
      <ToastRegion />
      <SignInGuard isOpen={isSigningIn()} onOpenChange={setSigningIn} />
      <Show when={isHelpOpen()}>
        <Suspense>
          <KeyHelp onClose={() => setHelpOpen(false)} />
        </Suspense>
      </Show>
    </>
  );
}
