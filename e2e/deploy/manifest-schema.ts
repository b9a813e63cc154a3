/**
 * What Kubernetes would say of a manifest's form. The models know types and what is required, but take fields that
 * there are none of; a field that no validator ever looks at is one of those.
 */
import { Deployment } from "kubernetes-models/apps/v1";
import { NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1";
import { ConfigMap, Secret, Service } from "kubernetes-models/v1";
import type { Body } from "./manifest.ts";

const kinds: Readonly<Record<string, { readonly prototype: { validate(): void } }>> = {
  "apps/v1 Deployment": Deployment,
  "networking.k8s.io/v1 NetworkPolicy": NetworkPolicy,
  "policy/v1 PodDisruptionBudget": PodDisruptionBudget,
  "v1 ConfigMap": ConfigMap,
  "v1 Secret": Secret,
  "v1 Service": Service,
};

/** Empty: it is well formed. */
export function schemaFaults(body: Body): string[] {
  const model = kinds[`${String(body["apiVersion"])} ${String(body["kind"])}`];
  if (model === undefined) return [`${String(body["apiVersion"])} ${String(body["kind"])}: nothing known by this name`];
  const unread = new Set<string>();
  try {
    model.prototype.validate.call(watched(body, "", unread));
  } catch (thrown) {
    return [String(thrown)];
  }
  return [...unread].map((path) => `${path}: there is no such field`);
}

/** The value itself, with each of its fields in `unread` until it is asked for. */
function watched<T extends object>(value: T, path: string, unread: Set<string>): T {
  const seen = new Map<string | symbol, unknown>();
  for (const key of Object.keys(value)) unread.add(`${path}.${key}`);
  return new Proxy(value, {
    get(target, key) {
      const inner: unknown = Reflect.get(target, key);
      unread.delete(`${path}.${String(key)}`);
      if (typeof inner !== "object" || inner === null) return inner;
      if (!seen.has(key)) seen.set(key, watched(inner, `${path}.${String(key)}`, unread));
      return seen.get(key);
    },
  });
}
