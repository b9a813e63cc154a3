/** docker-compose.yml, and what Docker Compose takes in silence and never makes work. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../harness/commands.ts";
import { readStages } from "./dockerfile.ts";

export interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

export interface Service {
  readonly image: string;
  readonly build?: string | { readonly context: string; readonly target: string };
  readonly profiles?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly network_mode?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly user?: string;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly stop_grace_period?: string;
}

export function readCompose(): Compose {
  return parse(readFileSync(join(projectRoot, "docker-compose.yml"), "utf8"), { merge: true }) as Compose;
}

/** Those that run the server. */
export function servers({ services }: Compose): [string, Service][] {
  return Object.entries(services).filter(([, { build }]) => build === ".");
}

/** The service's variables with what `.env` would have: `given`, else the default that stands in the file. */
export function environmentOf({ environment = {} }: Service, given: Readonly<Record<string, string>>) {
  const filled = Object.entries(environment).map(([name, value]) => {
    const text = String(value).replaceAll(/\$\{(\w+):[-?]([^}]*)\}/g, (whole: string, key: string, usual: string) => {
      if (given[key] === undefined && whole.includes(":?")) throw new Error(`${name}: ${key} is not given`);
      return given[key] ?? usual;
    });
    return [name, text] as const;
  });
  return Object.fromEntries(filled) as Record<string, string>;
}

/** `127.0.0.1:4001:4001` in its three parts. */
export function portsOf({
  ports = [],
}: Service): { readonly address: string; readonly outside: string; readonly inside: string }[] {
  return ports.map((line) => {
    const [address = "", outside = "", inside = ""] = line.split(":");
    return { address, outside, inside };
  });
}

/** `./config:/config:ro` in its three parts. */
export function mountsOf({
  volumes = [],
}: Service): { readonly source: string; readonly target: string; readonly readOnly: boolean }[] {
  return volumes.map((line) => {
    const [source = "", target = "", mode] = line.split(":");
    return { source, target, readOnly: mode === "ro" };
  });
}

/** The networks that a service is on, by another service's where it shares one. */
export function networksOf(compose: Compose, service: Service): readonly string[] {
  const shared = /^service:(.*)$/.exec(service.network_mode ?? "")?.[1];
  const holder = shared === undefined ? service : compose.services[shared];
  return holder?.networks ?? ["default"];
}

/** One sentence each; empty: everything that is named is there, and nothing is in another's way. */
export function composeFaults(compose: Compose): string[] {
  const outside = Object.values(compose.services).flatMap((service) => portsOf(service).map((port) => port.outside));
  const twice = outside.filter((port, index) => outside.indexOf(port) !== index);
  return [
    ...twice.map((port) => `the port ${port} is published twice`),
    ...Object.entries(compose.services).flatMap(([name, service]) => [
      ...missingParts(compose, service).map((fault) => `${name}: ${fault}`),
      ...missingNeeds(compose, service).map((fault) => `${name}: ${fault}`),
    ]),
  ];
}

function missingParts({ networks, volumes }: Compose, service: Service): string[] {
  const stages = readStages().map(({ name }) => name);
  const target = typeof service.build === "object" ? service.build.target : "";
  const named = mountsOf(service).filter(({ source }) => !/^[./]/.test(source));
  return [
    ...(stages.includes(target) ? [] : [`is built from the stage ${target}, which there is none of`]),
    ...named
      .filter(({ source }) => !(source in volumes))
      .map(({ source }) => `mounts the volume ${source}, which there is none of`),
    ...(service.networks ?? [])
      .filter((name) => name !== "default" && !(name in networks))
      .map((name) => `is on the network ${name}, which there is none of`),
    ...(service.networks !== undefined && service.network_mode !== undefined
      ? ["has networks of its own and another's"]
      : []),
  ];
}

/** What it waits for must be there whenever it is, and must be able to become healthy. */
function missingNeeds({ services }: Compose, service: Service): string[] {
  const shared = /^service:(.*)$/.exec(service.network_mode ?? "")?.[1];
  const needed = [...Object.keys(service.depends_on ?? {}), ...(shared === undefined ? [] : [shared])];
  return needed.flatMap((name) => {
    const other = services[name];
    if (other === undefined) return [`needs ${name}, which there is none of`];
    const together = (other.profiles ?? []).every((profile) => service.profiles?.includes(profile));
    const askable = other.healthcheck !== undefined || hasOwnHealthcheck(other);
    return [
      ...(together ? [] : [`needs ${name}, which is of another profile`]),
      ...(askable ? [] : [`waits for the health of ${name}, which nobody asks`]),
    ];
  });
}

function hasOwnHealthcheck({ build }: Service): boolean {
  const target = typeof build === "object" ? build.target : "";
  return build !== undefined && readStages().some(({ name, healthcheck }) => name === target && healthcheck.length > 0);
}
