/** What the stubs on the false host answer, and what was asked of them. */
import { mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  datastoreMount,
  getallvmsText,
  inventoryXml,
  messageText,
  processBlock,
  processRow,
  questionField,
  type StubQuestion,
  type StubVm,
  summaryText,
  vmxPath,
} from "./esxi-texts.ts";

export type { StubQuestion, StubVm } from "./esxi-texts.ts";

/** One call of vim-cmd, esxcli, localcli, vmkfstools or vmware. */
export interface Call {
  /** Its name first. */
  readonly argv: readonly string[];
  /** How much it read from stdin: more than none is what a script must never allow. */
  readonly stdinBytes: number;
  /** When it was recorded, ms since 1970. */
  readonly at: number;
}

export interface Answer {
  readonly stdout?: string;
  readonly stderr?: string;
  /** Default 0. */
  readonly exitCode?: number;
}

/**
 * needs-pool: `registervm` asks for a resource pool · names-datastores: a registered VM's path stands in hostd's file under
 * its datastore's name · writes-register-late: it does not stand there at all · sleeps-briefly: what scripts wait is 50 ms.
 */
export type Trait = "needs-pool" | "names-datastores" | "writes-register-late" | "sleeps-briefly";

export interface StubWorld {
  /** The host's root: write `/vmfs/...` or `/etc/vmware/...` below it. */
  readonly root: string;
  /** Replaces all VMs: getallvms, vmInventory.xml, summaries, vm process list. */
  setVms(vms: readonly StubVm[]): Promise<void>;
  power(vmid: number): Promise<"on" | "off" | "suspended">;
  /** Sets the power without a call being made. */
  setPower(vmid: number, power: "on" | "off" | "suspended"): Promise<void>;
  /** The VM asks at its next `power.on`. */
  askAtPowerOn(vmid: number, question: StubQuestion): Promise<void>;
  /** Does the host take the path of a .vmx in place of the vmid. It does at first. */
  setAcceptsPaths(accepts: boolean): Promise<void>;
  /** `power.on /vmfs/volumes/…/a.vmx` for every change that a call really made, in order. */
  changes(): Promise<readonly string[]>;
  /** While true, `stat` of what lies below this folder does not return. */
  setDead(folder: string, dead: boolean): Promise<void>;
  /** Scripts the answer to exactly these words, such as `["vim-cmd", "vmsvc/getallvms"]`. */
  answer(argv: readonly string[], answer: Answer): Promise<void>;
  /** Back to the state machine for this call. */
  forgetAnswer(argv: readonly string[]): Promise<void>;
  /** How long each call of a command takes. */
  setDelay(command: string, seconds: number): Promise<void>;
  /** While true, calls of the command do not return. `vmkfstools` is held up half-way, `vmkfstools-start` before anything. */
  setHanging(command: string, hangs: boolean): Promise<void>;
  setTrait(trait: Trait, has: boolean): Promise<void>;
  /** Shell functions that every script finds: they may go before a builtin, to have something happen just then. */
  setFunctions(text: string): Promise<void>;
  /** `vmkfstools -c` fails half-way with this text and exit code 255; undefined: not any more. */
  failDisks(text: string | undefined): Promise<void>;
  /** Makes datastore1, with the link that bears its name. Answers where it is on this machine. */
  openDatastore(): Promise<string>;
  /** In the order in which they were made. */
  calls(): Promise<readonly Call[]>;
  forgetCalls(): Promise<void>;
}

export async function createWorld(root: string): Promise<StubWorld> {
  const stub = join(root, "stub");
  await writeFile(join(stub, "datastores"), datastores);
  await writeFile(join(stub, "portgroups"), portGroups);
  await writeFile(join(stub, "hostsummary"), hostSummary);
  await writeFile(join(stub, "changes"), "");
  await writeFile(join(stub, "functions.sh"), "");
  await writeFile(join(stub, "last-vmid"), "1000\n");
  await writeNewVm(join(stub, "new-vm"));
  const world: StubWorld = {
    root,
    async setVms(vms) {
      await rm(join(stub, "vms"), { recursive: true, force: true });
      await mkdir(join(stub, "vms"));
      await Promise.all(vms.map((vm) => writeVm(join(stub, "vms", String(vm.vmid)), vm)));
      await writeFile(join(stub, "getallvms"), getallvmsText(vms));
      await writeFile(join(root, "etc/vmware/hostd/vmInventory.xml"), inventoryXml(vms));
    },
    async power(vmid) {
      const text = (await readFile(join(stub, "vms", String(vmid), "power"), "utf8")).trim();
      return text === "on" || text === "suspended" ? text : "off";
    },
    async setPower(vmid, power) {
      // A stub that reads it meanwhile must find the old or the new one.
      const path = join(stub, "vms", String(vmid), "power");
      await writeFile(`${path}.new`, `${power}\n`);
      await rename(`${path}.new`, path);
    },
    async askAtPowerOn(vmid, question) {
      const folder = join(stub, "vms", String(vmid));
      await writeFile(join(folder, "question-info"), questionField(question));
      await writeFile(join(folder, "asks"), messageText(question));
    },
    setAcceptsPaths: (accepts) => setFlag(join(stub, "no-paths"), !accepts),
    changes: async () => (await readFile(join(stub, "changes"), "utf8")).split("\n").slice(0, -1),
    setDead: (folder, dead) => setFlag(join(stub, "dead", folder.replaceAll("/", "_")), dead && `${folder}\n`),
    async answer(argv, { stdout = "", stderr = "", exitCode = 0 }) {
      const key = answerPath(stub, argv);
      await writeFile(`${key}.out`, stdout);
      await writeFile(`${key}.err`, stderr);
      await writeFile(`${key}.rc`, `${exitCode}\n`);
    },
    forgetAnswer: (argv) => rm(`${answerPath(stub, argv)}.rc`, { force: true }),
    setDelay: (command, seconds) => writeFile(join(stub, "delay", command), `${seconds}\n`),
    setHanging: (command, hangs) => setFlag(join(stub, "hang", command), hangs),
    setTrait: (trait, has) => setFlag(join(stub, trait), has),
    setFunctions: (text) => writeFile(join(stub, "functions.sh"), text),
    failDisks: (text) => setFlag(join(stub, "disk-fault"), text ?? false),
    async openDatastore() {
      const mount = join(root, datastoreMount);
      await mkdir(mount, { recursive: true });
      await symlink(basename(mount), join(root, "vmfs/volumes/datastore1"));
      return mount;
    },
    calls: () => readCalls(join(stub, "calls")),
    async forgetCalls() {
      const folder = join(stub, "calls");
      await Promise.all((await readdir(folder)).map((name) => rm(join(folder, name), { force: true })));
    },
  };
  await world.setVms([]);
  return world;
}

/** A file that is there or not. */
async function setFlag(path: string, content: string | boolean): Promise<void> {
  await (content === false ? rm(path, { force: true }) : writeFile(path, content === true ? "" : content));
}

function answerPath(stub: string, argv: readonly string[]): string {
  return join(stub, "answers", argv.join(" ").replaceAll("/", "_"));
}

async function writeVm(folder: string, vm: StubVm): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, "path"), `${vmxPath(vm)}\n`);
  await writeFile(join(folder, "power"), `${vm.power ?? "off"}\n`);
  await writeFile(join(folder, "boot"), "2026-11-01T08:00:00.000000Z\n");
  await writeFile(join(folder, "summary"), vm.summary ?? summaryText(vm));
  await writeFile(join(folder, "process.csv"), processRow(vm));
  await writeFile(join(folder, "process.blocks"), processBlock(vm));
  if (vm.toolsRunning !== false) await writeFile(join(folder, "tools"), "");
}

/** What the stub fills in when a VM is registered. */
async function writeNewVm(folder: string): Promise<void> {
  const vm: StubVm = {
    vmid: 987_654_321,
    name: "@NAME@",
    datastorePath: "[datastore1] @BELOW@",
    uuid: "564d0000-0000-4000-8000-@HEX@",
    memorySizeMb: 4_242_424,
    numCpu: 4242,
    toolsRunning: false,
  };
  await mkdir(folder);
  const texts = { summary: summaryText(vm), "process.csv": processRow(vm), "process.blocks": processBlock(vm) };
  for (const [name, text] of Object.entries(texts)) {
    await writeFile(join(folder, name), text.replaceAll(String(vm.vmid), "@VMID@"));
  }
}

async function readCalls(folder: string): Promise<readonly Call[]> {
  const names = await readdir(folder);
  const calls = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const [bytes = "", ...argv] = (await readFile(path, "utf8")).split("\0").slice(0, -1);
      return { argv, stdinBytes: Number(bytes), at: (await stat(path)).mtimeMs };
    }),
  );
  return calls.sort((a, b) => a.at - b.at);
}

const datastores =
  "Free,MountPoint,Mounted,Size,Type,UUID,VolumeName,\n" +
  "400000000000,/vmfs/volumes/64a1b2c3-d4e5f607-1829-0050568a0001,true,1000000000000,VMFS-6,64a1b2c3-d4e5f607-1829-0050568a0001,datastore1,\n";

const portGroups =
  "ActiveClients,Name,VLANID,VirtualSwitch,\n1,Management Network,0,vSwitch0,\n3,VM Network,0,vSwitch0,\n";

const hostSummary = `(vim.host.Summary) {
   host = 'vim.HostSystem:ha-host', 
   hardware = (vim.host.Summary.HardwareSummary) {
      vendor = "Stub", 
      memorySize = 68719476736, 
      cpuModel = "Stub CPU", 
      cpuMhz = 2400, 
      numCpuPkgs = 1, 
      numCpuCores = 8, 
      numCpuThreads = 16, 
      numNics = 2, 
      numHBAs = 1
   }, 
   quickStats = (vim.host.Summary.QuickStats) {
      overallCpuUsage = 800, 
      overallMemoryUsage = 12000, 
      uptime = 86400
   }, 
   overallStatus = "green"
}
`;
