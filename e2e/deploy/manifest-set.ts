/** What Kubernetes takes in silence and never makes work: names in one manifest that nothing else answers to. */
import type { Body, Manifest } from "./manifest.ts";

type Labels = Readonly<Record<string, string>>;
interface Selector {
  readonly matchLabels?: Labels;
}

interface Deployment {
  readonly metadata: { readonly labels?: Labels };
  readonly spec: {
    readonly replicas?: number;
    readonly selector: Selector;
    readonly template: {
      readonly metadata?: { readonly labels?: Labels };
      readonly spec: PodSpec;
    };
  };
}

export interface PodSpec {
  readonly terminationGracePeriodSeconds?: number;
  readonly topologySpreadConstraints?: readonly { readonly labelSelector?: Selector }[];
  readonly containers: readonly Container[];
  readonly volumes?: readonly Volume[];
}

interface Volume {
  readonly name: string;
  readonly configMap?: { readonly name?: string };
  readonly secret?: { readonly secretName?: string };
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string | number };
}

export interface Container {
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly envFrom: readonly { readonly configMapRef?: { name: string }; readonly secretRef?: { name: string } }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly lifecycle: { readonly preStop: { readonly exec: { readonly command: readonly string[] } } };
}

/** The pod that the one deployment makes. */
export function podOf(manifests: readonly Manifest[]): PodSpec {
  return deploymentOf(manifests).spec.template.spec;
}

export function containerOf(manifests: readonly Manifest[]): Container {
  const [container] = podOf(manifests).containers;
  if (container === undefined) throw new Error("The deployment has no container.");
  return container;
}

/** One sentence each; empty: everything that is named is there. */
export function referenceFaults(manifests: readonly Manifest[]): string[] {
  return [
    ...selectorFaults(manifests),
    ...volumeFaults(manifests),
    ...sourceFaults(manifests),
    ...portFaults(manifests),
  ];
}

function selectorFaults(manifests: readonly Manifest[]): string[] {
  const { spec } = deploymentOf(manifests);
  const labels = spec.template.metadata?.labels ?? {};
  const budget = specOf(manifests, "PodDisruptionBudget");
  const selectors: Readonly<Record<string, unknown>> = {
    Deployment: spec.selector.matchLabels,
    "Deployment's topology": spec.template.spec.topologySpreadConstraints?.[0]?.labelSelector?.matchLabels,
    Service: specOf(manifests, "Service")["selector"],
    PodDisruptionBudget: (budget["selector"] as Selector).matchLabels,
    NetworkPolicy: (specOf(manifests, "NetworkPolicy")["podSelector"] as Selector).matchLabels,
  };
  const blind = Object.entries(selectors).filter(([, selector]) => !selects(selector, labels));
  const least = Number(budget["minAvailable"]);
  return [
    ...blind.map(([who]) => `${who}: selects other pods than the deployment makes, or all of them`),
    ...(least < (spec.replicas ?? 1) ? [] : ["PodDisruptionBudget: no node could ever be drained"]),
  ];
}

/** An empty selector is every pod of the namespace. */
function selects(selector: unknown, labels: Labels): boolean {
  const wanted = Object.entries((selector ?? {}) as Labels);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

function volumeFaults(manifests: readonly Manifest[]): string[] {
  const { volumes = [] } = podOf(manifests);
  const mounted = containerOf(manifests).volumeMounts.map(({ name }) => name);
  const missing = mounted.filter((name) => !volumes.some((volume) => volume.name === name));
  const unused = volumes.filter(({ name }) => !mounted.includes(name));
  return [
    ...missing.map((name) => `Deployment: mounts the volume ${name}, which there is none of`),
    ...unused.map(({ name }) => `Deployment: mounts the volume ${name} nowhere`),
    ...volumes.flatMap(({ configMap, secret }) => [
      ...absent(manifests, "ConfigMap", configMap?.name),
      ...absent(manifests, "Secret", secret?.secretName),
    ]),
  ];
}

function sourceFaults(manifests: readonly Manifest[]): string[] {
  return containerOf(manifests).envFrom.flatMap(({ configMapRef, secretRef }) => [
    ...absent(manifests, "ConfigMap", configMapRef?.name),
    ...absent(manifests, "Secret", secretRef?.name),
  ]);
}

function absent(manifests: readonly Manifest[], kind: string, name: string | undefined): string[] {
  const known = manifests.some((manifest) => manifest.kind === kind && manifest.name === name);
  return name === undefined || known ? [] : [`Deployment: takes from the ${kind} ${name}, which there is none of`];
}

function portFaults(manifests: readonly Manifest[]): string[] {
  const { ports, startupProbe, livenessProbe, readinessProbe } = containerOf(manifests);
  const [served] = specOf(manifests, "Service")["ports"] as readonly { readonly targetPort: unknown }[];
  const [ingress] = specOf(manifests, "NetworkPolicy")["ingress"] as readonly {
    readonly ports: readonly { readonly port: unknown }[];
  }[];
  const asked = {
    Service: served?.targetPort,
    NetworkPolicy: ingress?.ports[0]?.port,
    startupProbe: startupProbe.httpGet.port,
    livenessProbe: livenessProbe.httpGet.port,
    readinessProbe: readinessProbe.httpGet.port,
  };
  return Object.entries(asked)
    .filter(([, port]) => !ports.some(({ name, containerPort }) => port === name || port === containerPort))
    .map(([who, port]) => `${who}: goes to the port ${String(port)}, which the container has none of`);
}

function deploymentOf(manifests: readonly Manifest[]): Deployment {
  return bodyOf(manifests, "Deployment") as unknown as Deployment;
}

function specOf(manifests: readonly Manifest[], kind: string): Body {
  return bodyOf(manifests, kind)["spec"] as Body;
}

export function bodyOf(manifests: readonly Manifest[], kind: string, name?: string): Body {
  const found = manifests.find((manifest) => manifest.kind === kind && (name ?? manifest.name) === manifest.name);
  if (found === undefined) throw new Error(`There is no ${kind} ${name ?? ""}`);
  return found.body;
}
