/** Paths on datastores as Host Client shows them. */

export interface Volume {
  readonly name: string;
  readonly uuid: string;
}

/** `[datastore1] iso/debian.iso` for a path that begins with the UUID or the name of one of them; any other as it is. */
export function datastorePath(path: string, volumes: readonly Volume[]): string {
  const [, volume, rest] = /^\/vmfs\/volumes\/([^/]+)\/+(.*)$/s.exec(path) ?? [];
  const found = volumes.find(({ name, uuid }) => volume === uuid || volume === name);
  return found === undefined || rest === undefined ? path : `[${found.name}] ${rest}`;
}
