/** Sees to it that somebody is signed in where the server wants to know who is asking. */
import { useLocation, useNavigate } from "@solidjs/router";
import { createEffect, type JSX, lazy, on, Show, Suspense } from "solid-js";
import { useApp } from "../context.ts";

const SignInDialog = lazy(async () => ({ default: (await import("./sign-in-dialog.tsx")).SignInDialog }));

export interface SignInGuardProps {
  /** Over the page, which keeps what was typed into it. */
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

/** Who was never in is led to the sign-in page and back; who was in is asked over the page that is open. */
export function SignInGuard(props: SignInGuardProps): JSX.Element {
  const { connection, inventory } = useApp();
  const location = useLocation();
  const navigate = useNavigate();
  const isOut = () => connection().kind === "signedOut";
  const isOnPage = () => location.pathname === "/sign-in";

  createEffect(
    on([isOut, isOnPage], ([out, onPage]) => {
      if (!out || onPage) return props.onOpenChange(false);
      if (inventory.about() !== undefined) return props.onOpenChange(true);
      const here = `${location.pathname}${location.search}${location.hash}`;
      navigate(`/sign-in?to=${encodeURIComponent(here)}`, { replace: true });
    }),
  );
  return (
    <Show when={props.isOpen}>
      <Suspense>
        <SignInDialog onClose={() => props.onOpenChange(false)} />
      </Suspense>
    </Show>
  );
}
