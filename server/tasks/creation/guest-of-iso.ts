/** Which guest operating system an installation image is of, by its file name. */
import type { GuestSystem } from "../../model.ts";

interface Family {
  /** Finds the name, and the version in its first group where that matters. */
  readonly pattern: RegExp;
  /** For a version, the newest first: a host may not know the very one. */
  readonly ids: (version: number) => readonly string[];
}

const families: readonly Family[] = [
  { pattern: /debian[-_ ]?(\d{1,2})?/, ids: (version) => downFrom(version || 12, 8, (at) => `debian${at}_64Guest`) },
  { pattern: /ubuntu/, ids: () => ["ubuntu64Guest"] },
  { pattern: /rocky/, ids: () => ["rockylinux_64Guest", ...enterpriseLinux(9)] },
  { pattern: /alma/, ids: () => ["almalinux_64Guest", ...enterpriseLinux(9)] },
  {
    pattern: /oracle[-_ ]?linux|\bol[-_]?(\d)/,
    ids: (version) => downFrom(version || 9, 7, (at) => `oracleLinux${at}_64Guest`),
  },
  { pattern: /(?:rhel|redhat)[-_ ]?(\d{1,2})?/, ids: (version) => enterpriseLinux(version || 9) },
  { pattern: /centos(?:[-_ ]stream)?[-_ ]?(\d{1,2})?/, ids: centos },
  { pattern: /fedora/, ids: () => ["fedora64Guest"] },
  { pattern: /opensuse/, ids: () => ["opensuse64Guest"] },
  { pattern: /sles?[-_ ]?(\d{2})?/, ids: (version) => downFrom(version || 15, 12, (at) => `sles${at}_64Guest`) },
  { pattern: /photon/, ids: () => ["vmwarePhoton64Guest"] },
  {
    pattern: /freebsd[-_ ]?(\d{2})?/,
    ids: (version) => [...downFrom(version || 13, 11, (at) => `freebsd${at}_64Guest`), "freebsd64Guest"],
  },
  {
    pattern: /(?:esxi|vmvisor)[-_ a-z]*(\d)?/,
    ids: (version) => downFrom(version || 8, 6, (at) => `vmkernel${at}Guest`),
  },
  {
    pattern: /win(?:dows)?[-_ ]?(?:server|srv)[-_ ]?(\d{4})?|(20(?:12|16|19|22|25))[-_ ]?(?:server|eval)/,
    ids: windowsServer,
  },
  { pattern: /win(?:dows)?[-_ ]?(11|10|8|7)/, ids: windows },
];

/** Modern enough for the images of our days, the newest first; the last one every host knows. */
const anyLinux = ["other6xLinux64Guest", "other5xLinux64Guest", "other4xLinux64Guest", "other3xLinux64Guest"];
const otherLinux = "otherLinux64Guest";

/** Always one of `known`, where that holds other 64-bit Linux. */
export function guestOfIso(isoPath: string | null, known: readonly GuestSystem[]): string {
  const isKnown = (id: string): boolean => known.some((guest) => guest.id === id);
  const file = isoPath?.slice(isoPath.lastIndexOf("/") + 1).toLowerCase() ?? "";
  for (const { pattern, ids } of families) {
    const match = pattern.exec(file);
    if (match === null) continue;
    const version = Number(match.slice(1).find((group) => group !== undefined) ?? 0);
    const found = ids(version).find(isKnown);
    if (found !== undefined) return found;
    if (!file.includes("win") && !file.includes("freebsd")) return anyLinux.find(isKnown) ?? otherLinux;
  }
  return otherLinux;
}

function downFrom(newest: number, oldest: number, idOf: (version: number) => string): readonly string[] {
  return Array.from({ length: Math.max(0, newest - oldest + 1) }, (_, index) => idOf(newest - index));
}

function enterpriseLinux(version: number): readonly string[] {
  return downFrom(version, 6, (at) => `rhel${at}_64Guest`);
}

function centos(version: number): readonly string[] {
  return [...downFrom(version || 9, 6, (at) => `centos${at}_64Guest`), "centos64Guest"];
}

function windows(version: number): readonly string[] {
  const byVersion: Readonly<Record<number, string>> = {
    11: "windows11_64Guest",
    10: "windows9_64Guest",
    8: "windows8_64Guest",
  };
  return [byVersion[version] ?? "windows7_64Guest", "windows9_64Guest"];
}

function windowsServer(year: number): readonly string[] {
  const newestFirst = [
    [2025, "windows2022srvNext_64Guest"],
    [2022, "windows2019srvNext_64Guest"],
    [2019, "windows2019srv_64Guest"],
    [2016, "windows9Server64Guest"],
    [2012, "windows8Server64Guest"],
  ] as const;
  return newestFirst.filter(([since]) => since <= (year || 2022)).map(([, id]) => id);
}
