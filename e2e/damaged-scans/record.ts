/** Scans as a false host prints them: the real script, run over the simulator's SSH. */
import { createScanScript } from "../../server/esxi/commands/scan-script.ts";
import { startSimulator } from "../../simulator/simulator.ts";
import { connect } from "../../simulator/test-client.ts";
import type { EsxiVersion, SimulatedHost, VmOptions } from "../../simulator/types.ts";

/** What one scan printed. Its nonce stands there as `recordedNonce`. */
export interface Recording {
  readonly title: string;
  readonly stdout: string;
}

/** One host over some minutes of its life. */
export interface HostRecordings {
  readonly version: EsxiVersion;
  /** All is well, and every summary is read. */
  readonly sound: Recording;
  /** A VM is invalid, one can't be read, one is inaccessible, one asks a question. */
  readonly troubled: Recording;
  /** The same, but the time was enough for two summaries only. */
  readonly hurried: Recording;
  /** hostd was restarted: it does not answer, then lists nothing, then half. */
  readonly restart: Readonly<Record<"down" | "empty" | "half", Recording>>;
}

export const recordedNonce = "0123456789abcdef0123456789abcdef";

const tableInNote =
  "first line\n2      web    [datastore1] web/web.vmx    otherGuest    vmx-13\nVmid   Name   File\n\nlast }";

const vms: readonly VmOptions[] = [
  { name: "web", power: "ON", note: tableInNote },
  { name: "web", folder: "web_copy", power: "OFF" },
  { name: "gone astray", power: "ON" },
  { name: "mute [x] (1)", power: "ON" },
  { name: "far away", power: "OFF", datastore: "nas01 backup" },
  { name: "undecided", power: "ON" },
  { name: "asleep", power: "SUSPENDED", note: 'say "no"\n   name = "x", \n}' },
  { name: "Überwachung", power: "ON", note: "監視" },
  { name: "big one", power: "ON", numCpu: 16, memoryMb: 65_536, committedBytes: 400e9, datastore: "ssd_2t" },
  { name: "plain", power: "OFF", note: "" },
  { name: "last", power: "ON" },
];

export async function recordHost(version: EsxiVersion): Promise<HostRecordings> {
  const simulator = await startSimulator({ hosts: [{ name: "esx", version, vms }], delayMs: 0, taskMs: 0 });
  try {
    const [host] = simulator.hosts as [SimulatedHost];
    await using ssh = await connect(host, simulator);
    const record = async (title: string): Promise<Recording> => {
      const script = createScanScript({ budgetMs: 600_000, facts: true, known: [] });
      const { stdout } = await ssh.sh(script.text);
      return { title: `${version} ${title}`, stdout: stdout.replaceAll(script.nonce, recordedNonce) };
    };
    const sound = await record("sound");
    makeTrouble(host);
    const troubled = await record("troubled");
    const hurried = { title: `${version} hurried`, stdout: withoutSummaries(troubled.stdout, 2) };
    return { version, sound, troubled, hurried, restart: await recordRestart(host, record) };
  } finally {
    await simulator.close();
  }
}

function makeTrouble(host: SimulatedHost): void {
  const vmidOf = (name: string): number => host.vms().find((vm) => vm.name === name)?.vmid ?? 0;
  host.makeInvalid(vmidOf("gone astray"));
  host.makeUnreadable(vmidOf("mute [x] (1)"));
  host.setConnection(vmidOf("far away"), "inaccessible");
  host.ask(vmidOf("undecided"), {
    text: 'The disk is full.\nFree some space, then choose "Retry".',
    choices: [
      { key: "0", label: "Retry", isDefault: true },
      { key: "1", label: "Cancel" },
    ],
  });
}

async function recordRestart(
  host: SimulatedHost,
  record: (title: string) => Promise<Recording>,
): Promise<HostRecordings["restart"]> {
  const recorded: Recording[] = [];
  for (const [stage, title] of [
    ["downMs", "down"],
    ["emptyMs", "empty"],
    ["halfMs", "half"],
  ] as const) {
    const restart = host.restartHostd({ downMs: 0, emptyMs: 0, halfMs: 0, [stage]: 3_600_000 });
    recorded.push(await record(`hostd ${title}`));
    void restart;
  }
  const [down, empty, half] = recorded as [Recording, Recording, Recording];
  return { down, empty, half };
}

function withoutSummaries(stdout: string, keep: number): string {
  let kept = 0;
  const section = new RegExp(`@@${recordedNonce} begin (vm\\.\\S+)\\n[^]*?\\n@@${recordedNonce} end \\1 \\d+\\n`, "g");
  return stdout.replaceAll(section, (whole) => (kept++ < keep ? whole : ""));
}
