/** What differs from one ESXi release to the next, as far as sources tell. */
import type { EsxiVersion } from "./words.ts";

export interface Release {
  readonly version: EsxiVersion;
  readonly build: string;
  readonly update: string;
  /** 7.0 and later print it. */
  readonly patch: string | null;
  /** 9.0 prints `Maintenance`. */
  readonly maintenance: string | null;
  readonly hardware: string;
  /**
   * classic: 5.x, `dynamicType`, a comma after each field · plain: 6.0, no comma after an object's last field ·
   * modern: 6.5 and later, faults have `faultMessage` and an `msg` that stands outside of the commas.
   */
  readonly dumpForm: "classic" | "plain" | "modern";
  /** What a refused power operation prints: the fault alone, only `Power on failed`, or both in one line. */
  readonly powerFault: "fault" | "words" | "both";
  /** 5.x counts vmids by 16. */
  readonly vmidStep: number;
  /** 7.0 and later name the vfat boot banks. */
  readonly namedBootBanks: boolean;
}

const modern = { dumpForm: "modern", vmidStep: 1 } as const;

const releases: Readonly<Record<EsxiVersion, Omit<Release, "version">>> = {
  "5.5.0": {
    build: "3248547",
    update: "3",
    patch: null,
    maintenance: null,
    hardware: "vmx-10",
    dumpForm: "classic",
    powerFault: "fault",
    vmidStep: 16,
    namedBootBanks: false,
  },
  "6.0.0": {
    build: "4510822",
    update: "2",
    patch: null,
    maintenance: null,
    hardware: "vmx-11",
    dumpForm: "plain",
    powerFault: "words",
    vmidStep: 1,
    namedBootBanks: false,
  },
  "6.5.0": {
    build: "6765664",
    update: "1",
    patch: null,
    maintenance: null,
    hardware: "vmx-13",
    ...modern,
    powerFault: "words",
    namedBootBanks: false,
  },
  "6.7.0": {
    build: "14320388",
    update: "3",
    patch: null,
    maintenance: null,
    hardware: "vmx-14",
    ...modern,
    powerFault: "words",
    namedBootBanks: false,
  },
  "7.0.3": {
    build: "20036589",
    update: "3",
    patch: "55",
    maintenance: null,
    hardware: "vmx-19",
    ...modern,
    powerFault: "both",
    namedBootBanks: true,
  },
  "8.0.1": {
    build: "21813344",
    update: "1",
    patch: "25",
    maintenance: null,
    hardware: "vmx-20",
    ...modern,
    powerFault: "both",
    namedBootBanks: true,
  },
  "9.0.0": {
    build: "24755229",
    update: "0",
    patch: "0",
    maintenance: "0",
    hardware: "vmx-22",
    ...modern,
    powerFault: "both",
    namedBootBanks: true,
  },
};

export function releaseOf(version: EsxiVersion): Release {
  return { version, ...releases[version] };
}
