import type { JSX } from "solid-js";
import { SignInForm } from "../actions/sign-in-form.tsx";
import { Dialog } from "../ui/dialog.tsx";

/** Over the page that is open: it goes on where it was. */
export function SignInDialog(props: { readonly onClose: () => void }): JSX.Element {
  let token: HTMLInputElement | undefined;
  return (
    <Dialog title="Your session has ended" onClose={props.onClose} focus={() => token}>
      <p>Sign in to go on. The page stays as it is, with everything you typed.</p>
      <SignInForm
        tokenRef={(input) => {
          token = input;
        }}
        onDone={props.onClose}
      />
    </Dialog>
  );
}
