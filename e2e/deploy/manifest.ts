/** The files of kubernetes/, read as they are. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { projectRoot } from "../harness/commands.ts";

export interface Manifest {
  readonly file: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** The whole of it. */
  readonly body: Body;
}

export interface Body {
  readonly [key: string]: unknown;
}

export const manifestFolder = join(projectRoot, "kubernetes");
export const kustomizationFile = "kustomization.yaml";

export function manifestFiles(): string[] {
  return readdirSync(manifestFolder).filter((file) => file.endsWith(".yaml"));
}

/** Every manifest but the kustomization, which is a list of the others. */
export function readManifests(): Manifest[] {
  return manifestFiles()
    .filter((file) => file !== kustomizationFile)
    .flatMap((file) => readBodies(file).map((body) => toManifest(file, body)));
}

export function readBodies(file: string): Body[] {
  return parseAllDocuments(readFileSync(join(manifestFolder, file), "utf8")).map((document) => {
    if (document.errors.length > 0) throw new Error(`${file}: ${document.errors.join("; ")}`);
    return document.toJS() as Body;
  });
}

export function toManifest(file: string, body: Body): Manifest {
  const { name } = (body["metadata"] ?? {}) as { readonly name?: unknown };
  return { file, apiVersion: String(body["apiVersion"]), kind: String(body["kind"]), name: String(name), body };
}
