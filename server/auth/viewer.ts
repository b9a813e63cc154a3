import type { Session } from "./sessions.ts";

/** Who is asking. */
export interface Viewer {
  /** Written into tasks and the audit log as the actor. */
  readonly name: string;
  readonly signedInBy: SignInMethod;
  /** Where it was a session; what lives longer than a request must end with it. */
  readonly session?: Session;
}

export const signInMethods = ["LOOPBACK", "TOKEN", "SESSION"] as const;
export type SignInMethod = (typeof signInMethods)[number];

/** Without a configured token whoever reaches the server on loopback is this. */
export const localViewer: Viewer = { name: "local", signedInBy: "LOOPBACK" };
export const tokenViewer: Viewer = { name: "token", signedInBy: "TOKEN" };

/** The token's holder too, by a browser. */
export function sessionViewer(session: Session): Viewer {
  return { name: "token", signedInBy: "SESSION", session };
}
