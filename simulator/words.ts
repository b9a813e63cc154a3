/** The simulator's words: what can be asked of it and what it offers. It knows nothing of the server. */

/** The releases whose texts are known: from captures, or from facts about them. */
export const esxiVersions = ["5.5.0", "6.0.0", "6.5.0", "6.7.0", "7.0.3", "8.0.1", "9.0.0"] as const;
export type EsxiVersion = (typeof esxiVersions)[number];

export type SimPower = "ON" | "OFF" | "SUSPENDED";

export interface SimulatorOptions {
  /** The same seed gives the same fleet and the same life in it. Default 1. */
  readonly seed?: number;
  /** How many hosts, or each host by itself. Default 3. */
  readonly hosts?: number | readonly HostOptions[];
  /** VMs on each host that does not say otherwise. Default 10. */
  readonly vmsPerHost?: number;
  /** Default "8.0.1". */
  readonly version?: EsxiVersion;
  /** What each vim-cmd costs, in ms (esxcli half of it, localcli a quarter). Default 300. */
  readonly delayMs?: number;
  /** Port of the first host, the others follow. Default 0: any free port. */
  readonly basePort?: number;
  /** Where the client's key pair is kept (made at the first start). Default: a temporary folder, removed by `close`. */
  readonly dataDir?: string;
  /** Faults of every host from the start on. */
  readonly faults?: readonly FaultRule[];
  /** Usage moves, VMs change now and then, one host goes away and comes back. Default false: nothing moves by itself. */
  readonly lively?: boolean;
  /** How long a guest takes to shut down or to reboot, in ms. Default 3000; 0 in one tick. */
  readonly guestMs?: number;
  /** How long a host task (power on, off, reset, suspend) takes, in ms. Default 500. */
  readonly taskMs?: number;
  /** How long `vmkfstools -c` takes, in ms. Default 1500. */
  readonly diskMs?: number;
  /** `solo/querycfgopt` is known to vim-cmd. Default true. */
  readonly answersConfigOptions?: boolean;
  /** vim-cmd takes the .vmx path in place of the vmid, as real hosts do. Default true. */
  readonly acceptsPaths?: boolean;
  /** So many failed logins lock root. Default 5; 0 never locks. */
  readonly lockoutFailures?: number;
  /** How long root stays locked, in ms. Default 15 minutes. */
  readonly lockoutMs?: number;
  /** Channels at a time on one connection. Default 10. */
  readonly maxSessions?: number;
  /** Folder of captures: `vmsvc_getallvms.txt` replaces what `vim-cmd vmsvc/getallvms` prints; see captures.ts. */
  readonly capturesDir?: string;
  /** The action log is also written to this file, a JSON object a line. */
  readonly actionLogFile?: string;
}

export interface HostOptions {
  /** Default `esx01` and so on. */
  readonly name?: string;
  readonly version?: EsxiVersion;
  /** How many VMs of the fleet generator, or exactly these. */
  readonly vms?: number | readonly VmOptions[];
  readonly delayMs?: number;
  readonly maxSessions?: number;
  readonly labels?: readonly string[];
  readonly port?: number;
}

/** A VM as a test wants it. Whatever is left out is made from the seed. */
export interface VmOptions {
  readonly name: string;
  readonly vmid?: number;
  /** Folder on the datastore; default: the name. */
  readonly folder?: string;
  /** Name of the datastore; default: the host's first. */
  readonly datastore?: string;
  readonly power?: SimPower;
  readonly numCpu?: number;
  readonly memoryMb?: number;
  readonly committedBytes?: number;
  readonly note?: string;
  /** As its guest tells it; default: by the name. */
  readonly hostname?: string;
  readonly guestId?: string;
  readonly tools?: ToolsState;
  readonly uuid?: string;
  readonly instanceUuid?: string;
  /** The guest does not care about a requested shutdown or reboot. */
  readonly ignoresShutdown?: boolean;
}

/** As a host prints it. Guests can be asked to shut down only while tools run. */
export type ToolsState = "toolsOk" | "toolsOld" | "toolsNotRunning" | "toolsNotInstalled";

/** A question that a VM asks; while it is open, the VM does not go on and power.on blocks. */
export interface SimQuestion {
  /** Default: a rising number. */
  readonly id?: string;
  readonly text: string;
  readonly choices: readonly SimChoice[];
}

export interface SimChoice {
  readonly key: string;
  readonly label: string;
  /** The host's own name of it, such as `button.uuid.cancel`. Default: the label. */
  readonly name?: string;
  readonly isDefault?: boolean;
  /** Answering with it refuses the power-on. Default false. */
  readonly cancels?: boolean;
}

/** What a VM is at this moment: a copy, changing it changes nothing. */
export interface SimVm {
  readonly vmid: number;
  readonly name: string;
  /** `[datastore] folder/file.vmx`. */
  readonly datastorePath: string;
  /** `/vmfs/volumes/UUID/folder/file.vmx`. */
  readonly path: string;
  readonly uuid: string;
  readonly instanceUuid: string;
  readonly power: SimPower;
  readonly connection: SimConnection;
  /** hostd can't load it: it has no row, only a `Skipping invalid VM` line. */
  readonly invalid: boolean;
  readonly numCpu: number;
  readonly memoryMb: number;
  readonly committedBytes: number;
  readonly note: string;
  readonly guestId: string;
  readonly guestFullName: string;
  /** `vmx-20`. */
  readonly hardwareVersion: string;
  readonly numNics: number;
  readonly numDisks: number;
  readonly tools: ToolsState;
  readonly question: SimQuestion | null;
  /** ISO time, or null when it is not running. */
  readonly bootTime: string | null;
  readonly uptimeSeconds: number | null;
  readonly worldId: number | null;
}

export type SimConnection = "connected" | "inaccessible" | "invalid" | "orphaned" | "disconnected";

export const faultKinds = [
  "refuse",
  "hang",
  "half-open",
  "truncate",
  "drop",
  "garble",
  "wrong-host-key",
  "auth-failure",
  "hostd-down",
  "hostd-restart",
  "max-sessions-1",
  "free-licence",
  "slow",
  "fail",
  "kill",
  "needs-pool",
] as const;
/**
 * Of a connection (`match` says nothing): refuse · half-open (TCP stays open, nothing flows) · wrong-host-key · auth-failure · max-sessions-1.
 * Of output: hang · truncate (the rest is missing, the exit code is 0) · drop (the connection ends in mid-output) · garble · slow (10 s more).
 * Of one command, with `match`: fail (`text` on stderr, exit code 1) · kill (137, nothing printed).
 * Of hostd: hostd-down · hostd-restart (empty for 5 s, then half for 5 s; begins when the rule first hits) · free-licence (changes are refused) ·
 * needs-pool (registervm without a third argument answers InvalidArgument, as one 6.0 did).
 * hang, slow, drop, fail and kill take `at`; they hit host commands and mkdir, rmdir, rm, mv, sync.
 */
export type FaultKind = (typeof faultKinds)[number];

export interface FaultRule {
  readonly kind: FaultKind;
  /**
   * Part of one command's line on the host, such as `vmsvc/get.summary 12`. Without it, faults of output hit the whole
   * channel and faults of hostd every command.
   */
  readonly match?: string;
  /** Only on this host. Default: all. */
  readonly host?: string;
  /** 0 to 1, drawn from the seed. Default 1. */
  readonly probability?: number;
  /** Let so many hits pass first. Default 0. */
  readonly skip?: number;
  /** Hit so many times. Default: for ever. */
  readonly count?: number;
  /** truncate, drop, garble: let so many bytes pass first. Default: half of what was printed, for a channel 200. */
  readonly afterBytes?: number;
  /** fail: what it prints on stderr. */
  readonly text?: string;
  /** fail: default 1. */
  readonly exitCode?: number;
  /** slow: so many ms more. Default 10 000. */
  readonly ms?: number;
  /** hang: goes on when the rule is taken away. Default false: never. */
  readonly resumes?: boolean;
  /** Default: hang, slow, fail and kill hit before the command acts; drop in the midst of what it prints. */
  readonly at?: FaultMoment;
}

/**
 * before: it has done nothing yet · middle: a disk is half made (commands other than `vmkfstools -c` have no middle and are not
 * hit) · after: it has acted, and its answer is late or lost. A `drop` with a moment cuts the line then, and the command goes on.
 */
export const faultMoments = ["before", "middle", "after"] as const;
export type FaultMoment = (typeof faultMoments)[number];

export interface Faults {
  /** Returns what takes the rule away again. */
  add(rule: FaultRule): () => void;
  clear(): void;
}

/** A command that really changed a VM, written at the moment it did. By this log tests judge. */
export interface Action {
  /** ISO, UTC. */
  readonly at: string;
  readonly host: string;
  /** `vmsvc/power.on` and the like. */
  readonly command: string;
  readonly argv: readonly string[];
  readonly vmid: number;
  readonly vmPath: string;
  readonly instanceUuid: string;
}
