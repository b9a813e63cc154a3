/**
 * Listing ISO images. A dead NFS mount blocks whoever touches it, for hours and beyond any kill, so each place is listed
 * by a job of its own that the script waits for a while and then leaves alone. The job's folder in /tmp carries the
 * hour, so that a place that hangs gets one new job an hour and no more; what such a job leaves is removed when it is over.
 */
import { createHash } from "node:crypto";
import type { IsoRequest } from "../driver.ts";
import { quoteNumber, quoteWord } from "../quote.ts";
import { createScript, type Script } from "./script.ts";

export interface IsoPlace {
  /** The folder, or the mount point, as asked for. */
  readonly place: string;
  /** Names its section and its job. */
  readonly key: string;
  /** Shell pattern of the files, quoted where it must be. */
  readonly pattern: string;
}

/** The folders that administrators keep images in, in any case. */
const folderPatterns = ["[iI][sS][oO]", "[iI][sS][oO][sS]", "[oO][sS]-[iI][mM][aA][gG][eE][sS]"];
const filePattern = "*.[iI][sS][oO]";

export function isoPlaces(request: IsoRequest): readonly IsoPlace[] {
  const folders = request.folders.map((place) => ({ place, pattern: `${quoteWord(place)}/${filePattern}` }));
  const mounts = request.mountPoints.map((place) => ({
    place,
    pattern: folderPatterns.map((folder) => `${quoteWord(place)}/${folder}/${filePattern}`).join(" "),
  }));
  return [...folders, ...mounts].map((place) => ({ ...place, key: keyOf(place.pattern) }));
}

/** @param waitSeconds how long one place may take */
export function createIsoScript(places: readonly IsoPlace[], waitSeconds: number): Script {
  return createScript([
    "hour=$(( $(date +%s) / 3600 ))",
    ...places.map(startJob),
    ...places.map((place) => collect(place, waitSeconds)),
  ]);
}

/** `stat` on a pattern that matches nothing says so on stderr and lists nothing. */
function startJob({ key, pattern }: IsoPlace): string {
  return `folder=/tmp/ecoman-iso-${key}-$hour
for old in /tmp/ecoman-iso-${key}-*; do
if [ "$old" != "$folder" ] && [ -f "$old/done" ]; then rm -f "$old/list" "$old/done"; rmdir "$old"; fi
done
if mkdir "$folder" 2>/dev/null; then
(
stat -c '%s %n' ${pattern} >"$folder/list" 2>/dev/null
echo >"$folder/done"
) </dev/null >/dev/null 2>&1 &
fi`;
}

function collect({ key }: IsoPlace, waitSeconds: number): string {
  return `folder=/tmp/ecoman-iso-${key}-$hour
waited=0
while [ ! -f "$folder/done" ] && [ $waited -lt ${quoteNumber(waitSeconds)} ]; do sleep 1; waited=$(( waited + 1 )); done
if [ -f "$folder/done" ]; then
section iso.${key} cat "$folder/list"
rm -f "$folder/list" "$folder/done"; rmdir "$folder"
fi`;
}

function keyOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
