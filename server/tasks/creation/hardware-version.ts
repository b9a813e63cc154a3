/** The newest virtual hardware that a host runs: by its own word, else by its release. */
import type { Node } from "../../model.ts";

/** From this release on, by VMware's table of hardware versions. 6.7 U2 and 8.0 U2 can do more than the first entry of theirs. */
const byRelease: readonly (readonly [major: number, minor: number, update: number, hardware: number])[] = [
  [9, 0, 0, 22],
  [8, 0, 2, 21],
  [8, 0, 0, 20],
  [7, 0, 2, 19],
  [7, 0, 1, 18],
  [7, 0, 0, 17],
  [6, 7, 0, 14],
  [6, 5, 0, 13],
  [6, 0, 0, 11],
  [5, 5, 0, 10],
  [5, 1, 0, 9],
  [5, 0, 0, 8],
];

/** A release older than all known ones, and a host that said nothing yet. */
const oldest = 7;

/** 20 for `vmx-20`. Never above what the host's release is known to run. */
export function hardwareVersionOf({ hardwareVersion, version }: Pick<Node, "hardwareVersion" | "version">): number {
  const told = /^vmx-0*(\d{1,3})$/.exec(hardwareVersion ?? "")?.[1];
  return told === undefined ? hardwareOfRelease(version ?? "") : Number(told);
}

function hardwareOfRelease(version: string): number {
  const release = version.split(".").map(Number);
  const known = byRelease.find(([major, minor, update]) => !isBefore(release, [major, minor, update]));
  return known?.[3] ?? oldest;
}

function isBefore(release: readonly number[], other: readonly number[]): boolean {
  for (const [index, part] of other.entries()) {
    const own = release[index] ?? 0;
    if (own !== part) return !(own > part);
  }
  return false;
}
