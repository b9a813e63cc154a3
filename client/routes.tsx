/** Every page: one line each, loaded when somebody goes there. */
import { Navigate, type RouteDefinition } from "@solidjs/router";
import { lazy } from "solid-js";

const VmsPage = lazy(async () => ({ default: (await import("./pages/vms/vms-page.tsx")).VmsPage }));
const VmPage = lazy(async () => ({ default: (await import("./pages/vm/vm-page.tsx")).VmPage }));
const NodesPage = lazy(async () => ({ default: (await import("./pages/nodes/nodes-page.tsx")).NodesPage }));
const NodePage = lazy(async () => ({ default: (await import("./pages/nodes/node-page.tsx")).NodePage }));
const CreatePage = lazy(async () => ({ default: (await import("./pages/create/create-page.tsx")).CreatePage }));
const TasksPage = lazy(async () => ({ default: (await import("./pages/tasks/tasks-page.tsx")).TasksPage }));
const SignInPage = lazy(async () => ({ default: (await import("./pages/sign-in/sign-in-page.tsx")).SignInPage }));
const NotFoundPage = lazy(async () => ({
  default: (await import("./pages/not-found/not-found-page.tsx")).NotFoundPage,
}));

export const routes: RouteDefinition[] = [
  { path: "/", component: () => <Navigate href="/vms" /> },
  { path: "/vms", component: VmsPage },
  { path: "/vms/:id", component: VmPage },
  { path: "/nodes", component: NodesPage },
  { path: "/nodes/:name", component: NodePage },
  { path: "/create", component: CreatePage },
  { path: "/tasks", component: TasksPage },
  { path: "/sign-in", component: SignInPage },
  { path: "*", component: NotFoundPage },
];
