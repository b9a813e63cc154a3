/** Every page: one line each, loaded when somebody goes there. */
import { Navigate, type RouteDefinition } from "@solidjs/router";
import { lazy } from "solid-js";

const VmsPage = lazy(async () => ({ default: (await import("./pages/vms/vms-page.tsx")).VmsPage }));
const NotFoundPage = lazy(async () => ({
  default: (await import("./pages/not-found/not-found-page.tsx")).NotFoundPage,
}));

export const routes: RouteDefinition[] = [
  { path: "/", component: () => <Navigate href="/vms" /> },
  { path: "/vms", component: VmsPage },
  { path: "*", component: NotFoundPage },
];
