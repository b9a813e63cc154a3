import type { SignInMethod, Viewer } from "../auth/viewer.ts";
import { builder } from "./builder.ts";
import { describedEnum } from "./described-enum.ts";

type Permission = "READ" | "OPERATE";

const SignInMethodEnum = describedEnum<SignInMethod>("SignInMethod", "How the server knows who is asking.", {
  LOOPBACK: "No token is configured; only this machine can reach the server.",
  TOKEN: "By the server's token.",
  SESSION: "By the session that the server's token was traded for on the sign-in page.",
});

const PermissionEnum = describedEnum<Permission>("Permission", "What may be allowed.", {
  READ: "See nodes, VMs and tasks.",
  OPERATE: "Switch power, answer questions, refresh nodes, cancel tasks.",
});

const ViewerType = builder.objectRef<Viewer>("Viewer").implement({
  description: "Who is asking.",
  fields: (t) => ({
    name: t.exposeString("name", { description: "The name that tasks carry as their `actor`." }),
    signedInBy: t.field({
      type: SignInMethodEnum,
      description: "How the server knows.",
      resolve: (viewer) => viewer.signedInBy,
    }),
    sessionExpiresAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When the session ends unless it is used before; null where it was no session.",
      resolve: ({ session }) => (session === undefined ? null : new Date(session.expiresAt).toISOString()),
    }),
    permissions: t.field({
      type: [PermissionEnum],
      description: "What you may do.",
      resolve: (): Permission[] => ["READ", "OPERATE"],
    }),
  }),
});

builder.queryField("viewer", (t) =>
  t.field({
    type: ViewerType,
    description: "Who you are and what you may do.",
    resolve: (_, __, { viewer }) => viewer,
  }),
);
