/** Who is asking. */
export interface Viewer {
  /** Written into tasks and the audit log as the actor. */
  readonly name: string;
  readonly signedInBy: SignInMethod;
}

export const signInMethods = ["LOOPBACK", "TOKEN"] as const;
export type SignInMethod = (typeof signInMethods)[number];

/** Without a configured token whoever reaches the server on loopback is this. */
export const localViewer: Viewer = { name: "local", signedInBy: "LOOPBACK" };
export const tokenViewer: Viewer = { name: "token", signedInBy: "TOKEN" };
