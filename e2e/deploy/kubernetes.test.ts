import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { notInstalled, projectRoot } from "../harness/commands.ts";
import { stageOf } from "./dockerfile.ts";
import {
  type Body,
  kustomizationFile,
  type Manifest,
  manifestFiles,
  manifestFolder,
  readBodies,
  readManifests,
  toManifest,
} from "./manifest.ts";
import { schemaFaults } from "./manifest-schema.ts";
import { bodyOf, containerOf, podOf, referenceFaults } from "./manifest-set.ts";
import { drainSeconds, hostsFaults, settingsOf, strangers, type Variables } from "./settings.ts";
import { having, misspelt, without, wrongTyped } from "./twins.ts";

const manifests = readManifests();

describe.each(manifests)("$file, $kind $name", ({ body }) => {
  test("is well formed", () => {
    expect(schemaFaults(body)).toEqual([]);
  });

  test("is refused with any one field misspelt", () => {
    const twins = misspelt(body);
    expect(twins.length).toBeGreaterThan(4);
    expect(twins.filter((twin) => schemaFaults(twin.body).length === 0).map(({ slip }) => slip)).toEqual([]);
  });

  test("is refused with any one value of a wrong type", () => {
    const twins = wrongTyped(body);
    expect(twins.length).toBeGreaterThan(3);
    expect(twins.filter((twin) => schemaFaults(twin.body).length === 0).map(({ slip }) => slip)).toEqual([]);
  });
});

test("every kind there is has been looked at", () => {
  const kinds = new Set(manifests.map(({ kind }) => kind));
  expect([...kinds].toSorted()).toEqual([
    "ConfigMap",
    "Deployment",
    "NetworkPolicy",
    "PodDisruptionBudget",
    "Secret",
    "Service",
  ]);
});

describe("what is named", () => {
  test("is there", () => {
    expect(referenceFaults(manifests)).toEqual([]);
  });

  const label = "app.kubernetes.io/name";
  const pod = ["spec", "template", "spec"] as const;
  const container = [...pod, "containers", 0] as const;
  const slips: readonly [string, string, (body: Body) => Body][] = [
    ["Deployment", "a selector", (body) => without(body, "spec", "selector", "matchLabels", label)],
    ["Deployment", "a label", (body) => having(body, "ecomen", "spec", "template", "metadata", "labels", label)],
    ["Deployment", "a volume", (body) => having(body, "host", ...container, "volumeMounts", 0, "name")],
    ["Deployment", "a mount", (body) => without(body, ...container, "volumeMounts", 0)],
    ["Deployment", "a config map", (body) => having(body, "hosts", ...pod, "volumes", 0, "configMap", "name")],
    ["Deployment", "a secret", (body) => having(body, "keys", ...pod, "volumes", 1, "secret", "secretName")],
    ["Deployment", "settings", (body) => having(body, "x", ...container, "envFrom", 0, "configMapRef", "name")],
    ["Deployment", "a probe's port", (body) => having(body, 4001, ...container, "readinessProbe", "httpGet", "port")],
    ["Deployment", "a second pod", (body) => having(body, 1, "spec", "replicas")],
    ["Service", "a selector", (body) => having(body, {}, "spec", "selector")],
    ["Service", "a port", (body) => having(body, "https", "spec", "ports", 0, "targetPort")],
    ["PodDisruptionBudget", "a selector", (body) => having(body, "x", "spec", "selector", "matchLabels", label)],
    ["NetworkPolicy", "a selector", (body) => having(body, {}, "spec", "podSelector")],
    ["NetworkPolicy", "a port", (body) => having(body, 4001, "spec", "ingress", 0, "ports", 0, "port")],
  ];
  test.each(slips)("and is missed: %s without %s", (kind, _what, slip) => {
    const twins = manifests.map((manifest): Manifest => {
      return manifest.kind === kind ? toManifest(manifest.file, slip(manifest.body)) : manifest;
    });
    expect(referenceFaults(twins)).not.toEqual([]);
  });
});

describe("the server in the pod", () => {
  const container = containerOf(manifests);
  const data = (kind: string, name: string, key: string) => bodyOf(manifests, kind, name)[key] as Variables;
  const hostsYml = data("ConfigMap", "ecoman-hosts", "data")["hosts.yml"] ?? "";
  const settings = data("ConfigMap", "ecoman-settings", "data");
  const secrets = data("Secret", "ecoman", "stringData");
  const env = { ...stageOf("").env, ...settings, ...secrets, ECOMAN_TOKEN: "a-token-of-30-characters-or-so" };

  test("is given variables that it reads, and no others", async () => {
    expect(strangers(env, hostsYml)).toEqual([]);
    expect(strangers(env)).toEqual(["ESX2_PASSWORD"]);
    expect((await settingsOf(env)).mongo?.dbName).toBe("ecoman");
  });

  test("has no secret but those that the administrator puts in", async () => {
    await expect(settingsOf({ ...env, ...secrets })).rejects.toThrow("ECOMAN_TOKEN");
    expect(JSON.stringify(bodyOf(manifests, "Secret", "ecoman-keys"))).not.toMatch(/BEGIN|AAAA/);
  });

  test("finds hosts.yml and its keys where they are mounted", async () => {
    const { hostsPath } = await settingsOf(env);
    const mountOf = (name: string) => container.volumeMounts.find((mount) => mount.name === name)?.mountPath;
    expect(hostsPath).toBe(`${mountOf("hosts")}/hosts.yml`);
    expect(await hostsFaults(hostsYml, hostsPath, env)).toEqual([]);
    const keys = Object.keys(data("Secret", "ecoman-keys", "stringData")).map((key) => `${mountOf("keys")}/${key}`);
    const named = [...hostsYml.matchAll(/identity_file_path: (\S+)/g)].map(([, path]) => path);
    expect(keys).toEqual(named);
  });

  test("listens where the probes, the service and the network policy go", async () => {
    const { host, port } = await settingsOf(env);
    expect(host).toBe("0.0.0.0");
    expect(container.ports).toEqual([{ name: "http", containerPort: port }]);
    expect([container.startupProbe.httpGet.path, container.livenessProbe.httpGet.path]).toEqual([
      "/healthz",
      "/healthz",
    ]);
    expect(container.readinessProbe.httpGet.path).toBe("/readyz");
  });

  test("has the time to drain, after those who call it have been told", () => {
    const pause = Number(container.lifecycle.preStop.exec.command[1]);
    expect(podOf(manifests).terminationGracePeriodSeconds).toBeGreaterThan(pause + drainSeconds);
  });

  test("may reach hosts, names and the database", () => {
    const { egress } = bodyOf(manifests, "NetworkPolicy")["spec"] as {
      readonly egress: readonly { readonly ports: readonly { readonly protocol: string; readonly port: number }[] }[];
    };
    const open = egress.flatMap(({ ports }) => ports.map(({ protocol, port }) => `${protocol} ${port}`));
    expect(open).toEqual(["UDP 53", "TCP 53", "TCP 22", "TCP 27017"]);
  });
});

const noKubectl = notInstalled("kubectl");

test.skipIf(noKubectl)(
  `docs/installation.md makes the secrets of this shape (${noKubectl ?? "kubectl is here"})`,
  async () => {
    const home = await mkdtemp(join(tmpdir(), "ecoman-secrets-"));
    onTestFinished(async () => await rm(home, { recursive: true, force: true }));
    await mkdir(join(home, ".ssh"));
    await writeFile(join(home, ".ssh/ecoman"), "a key");
    const page = await readFile(join(projectRoot, "docs/installation.md"), "utf8");
    const lines = [...page.matchAll(/^ *(?:echo .* >>? ecoman\.env|kubectl -n ecoman create secret .*)$/gm)].map(
      ([line]) => line,
    );
    const script = lines
      .map((line) => (line.includes("kubectl") ? `${line} --dry-run=client -o yaml; echo ---` : line))
      .join("\n");
    const made = execFileSync("sh", ["-ec", script], {
      cwd: home,
      env: { PATH: process.env["PATH"], HOME: home },
      encoding: "utf8",
    });
    const keysOf = (kind: "data" | "stringData", documents: readonly Body[]) =>
      documents.map((body) => [
        toManifest("", body).name,
        Object.keys(body[kind] as Body).filter((key) => key !== "ESX2_PASSWORD"),
      ]);
    const secrets = parseAllDocuments(made).map((document) => document.toJS() as Body | null);
    expect(
      keysOf(
        "data",
        secrets.filter((body) => body !== null),
      ),
    ).toEqual(keysOf("stringData", readBodies("secret.example.yaml")));
  },
);

describe(kustomizationFile, () => {
  const [kustomization] = readBodies(kustomizationFile) as unknown as {
    readonly resources: readonly string[];
    readonly namespace: string;
    readonly images: readonly { readonly name: string; readonly newTag: string }[];
  }[];

  test("names every manifest, and not the secrets, which it would overwrite", () => {
    const others = manifestFiles().filter((file) => file !== kustomizationFile && file !== "secret.example.yaml");
    expect(kustomization?.resources.toSorted()).toEqual(others.toSorted());
  });

  test.skipIf(noKubectl)(`is what kubectl makes one application of (${noKubectl ?? "kubectl is here"})`, () => {
    const made = execFileSync("kubectl", ["kustomize", manifestFolder], { encoding: "utf8" });
    expect(made).toContain(`image: registry.example/ecoman:${kustomization?.images[0]?.newTag}\n`);
    expect(made.match(/^kind: /gm)).toHaveLength(manifests.length - 2);
    expect(made.match(/^ {2}namespace: ecoman$/gm)).toHaveLength(manifests.length - 2);
  });
});
