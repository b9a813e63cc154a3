/** The output of an ISO listing. */
import type { IsoImage } from "../../model.ts";
import type { IsoPlace } from "../commands/iso-script.ts";
import type { IsoListing } from "../driver.ts";
import { splitSections } from "../parse/sections.ts";

/** Places without a section did not answer in time; the others are complete. A file name with a line break is left out. */
export function readIsoListing(stdout: string, nonce: string, places: readonly IsoPlace[]): IsoListing {
  const { sections } = splitSections(stdout, nonce);
  const images = new Map<string, IsoImage>();
  const silent: string[] = [];
  for (const { place, key } of places) {
    const section = sections.get(`iso.${key}`);
    if (section === undefined) silent.push(place);
    for (const line of section?.text.split("\n") ?? []) {
      const found = /^(\d{1,16}) (\/.+\.iso)$/i.exec(line);
      const [, size, path] = found ?? [];
      if (path?.startsWith(`${place}/`)) images.set(path, { path, sizeBytes: Number(size) });
    }
  }
  return { images: [...images.values()].sort((a, b) => (a.path < b.path ? -1 : 1)), silent };
}
