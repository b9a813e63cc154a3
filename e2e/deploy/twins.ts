/** Broken twins of a manifest: one slip each, of the kind that people make. */
import type { Body } from "./manifest.ts";

export interface Twin {
  /** What was done to it. */
  readonly slip: string;
  readonly body: Body;
}

type Path = readonly (string | number)[];

/** Maps whose keys are anybody's own. */
const free = /\.(labels|matchLabels|data|stringData|requests|limits)$/;

/** One for every field of it: its name with a letter too many. */
export function misspelt(body: Body): Twin[] {
  return pathsOf(body)
    .filter((path) => typeof path.at(-1) === "string" && !isFree(path.slice(0, -1), body))
    .map((path) => {
      const key = String(path.at(-1));
      return { slip: `${path.join(".")} misspelt`, body: changed(body, path, (parent) => renamed(parent, key)) };
    });
}

/** One for every value of it: a list of lists in its place. */
export function wrongTyped(body: Body): Twin[] {
  return pathsOf(body)
    .filter((path) => typeof valueAt(body, path) !== "object")
    .map((path) => {
      const key = String(path.at(-1));
      const put = (parent: Body) => ({ ...parent, [key]: [[]] });
      return { slip: `${path.join(".")} of a wrong type`, body: changed(body, path, put) };
    });
}

/** The body with what is at `path` left out. */
export function without(body: Body, ...path: Path): Body {
  const key = String(path.at(-1));
  return changed(body, path, (parent) => Object.fromEntries(Object.entries(parent).filter(([name]) => name !== key)));
}

/** The body with something else at `path`. */
export function having(body: Body, value: unknown, ...path: Path): Body {
  return changed(body, path, (parent) => ({ ...parent, [String(path.at(-1))]: value }));
}

function isFree(path: Path, { kind }: Body): boolean {
  const place = `.${path.join(".")}`;
  return free.test(place) || (kind === "Service" && place === ".spec.selector");
}

function renamed(parent: Body, key: string): Body {
  return Object.fromEntries(Object.entries(parent).map(([name, value]) => [name === key ? `${name}s` : name, value]));
}

/** A copy in which `edit` made the map or list that holds the end of `path` anew. */
function changed(body: Body, path: Path, edit: (parent: Body) => Body): Body {
  const [key, ...rest] = path;
  const made =
    key === undefined || rest.length === 0 ? edit(body) : { ...body, [key]: changed(body[key] as Body, rest, edit) };
  return Array.isArray(body) ? (Object.values(made) as unknown as Body) : made;
}

function pathsOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return at.length === 0 ? [] : [at];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  const below = entries.flatMap(([key, inner]) => pathsOf(inner, [...at, key]));
  return at.length === 0 ? below : [at, ...below];
}

function valueAt(body: Body, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (value as Body)[key], body);
}
