/** Texts of ESXi 8 for a few VMs, in the forms that captures show (getallvms) or that follow from them (get.summary). */

export interface StubVm {
  readonly vmid: number;
  readonly name: string;
  /** `[datastore1] folder/file.vmx`. Default: made of the name. */
  readonly datastorePath?: string;
  /** Default "off". */
  readonly power?: "on" | "off" | "suspended";
  /** Lower-case hex with dashes. Default: made of the vmid. */
  readonly uuid?: string;
  readonly numCpu?: number;
  readonly memorySizeMb?: number;
  readonly note?: string;
  /** Default true. */
  readonly toolsRunning?: boolean;
  /** The whole get.summary instead; `@POWER@`, `@BOOT@` and a line `@QUESTION@` are replaced by what holds at the time. */
  readonly summary?: string;
}

/** What a VM asks; while it waits, `power.on` does not return. */
export interface StubQuestion {
  readonly id: string;
  readonly text: string;
  /** The key `0` cancels. */
  readonly choices: readonly { readonly key: string; readonly name: string; readonly label: string }[];
}

/** Where datastore1 is mounted. */
export const datastoreMount = "/vmfs/volumes/64a1b2c3-d4e5f607-1829-0050568a0001";

/** Columns as wide as their longest cell, three blanks between, headings centred, rows by the id as a string. */
export function getallvmsText(vms: readonly StubVm[]): string {
  const rows = vms
    .map((vm) => [String(vm.vmid), vm.name, datastorePath(vm), "ubuntu64Guest", "vmx-20", vm.note ?? ""])
    .sort((a, b) => ((a[0] ?? "") < (b[0] ?? "") ? -1 : 1));
  const headings = ["Vmid", "Name", "File", "Guest OS", "Version", "Annotation"];
  const widths = headings.map((heading, i) => Math.max(heading.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const header = headings.map((heading, i) => centred(heading, widths[i] ?? 0));
  const cells = rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)));
  return [header, ...cells].map((row) => `${row.join("   ")}\n`).join("");
}

/** objID is the vmid. */
export function inventoryXml(vms: readonly StubVm[]): string {
  const entries = vms.map(
    (vm, i) =>
      `  <ConfigEntry id="${String(i).padStart(4, "0")}">\n    <objID>${vm.vmid}</objID>\n    <secDomain>23</secDomain>\n` +
      `    <vmxCfgPath>${escapeXml(vmxPath(vm))}</vmxCfgPath>\n  </ConfigEntry>\n`,
  );
  return `<ConfigRoot>\n${entries.join("")}</ConfigRoot>\n`;
}

/** A row of `esxcli --formatter=csv vm process list`. */
export function processRow(vm: StubVm): string {
  const { worldId, cartelId, uuid } = processOf(vm);
  return `${csv(vmxPath(vm))},${csv(vm.name)},0,${uuid},${cartelId},${worldId},\n`;
}

/** The same as printed for people. */
export function processBlock(vm: StubVm): string {
  const { worldId, cartelId, uuid } = processOf(vm);
  const values = {
    "World ID": worldId,
    "Process ID": 0,
    "VMX Cartel ID": cartelId,
    UUID: uuid,
    "Display Name": vm.name,
    "Config File": vmxPath(vm),
  };
  const lines = Object.entries(values).map(([key, value]) => `   ${key}: ${value}\n`);
  return `${vm.name}\n${lines.join("")}\n`;
}

function processOf(vm: StubVm) {
  const bytes = uuidOf(vm).replaceAll("-", "").replaceAll(/(..)/g, "$1 ").trim();
  const uuid = `${bytes.slice(0, 23)}-${bytes.slice(24)}`;
  return { uuid, worldId: 2_100_000 + vm.vmid, cartelId: 2_000_000 + vm.vmid };
}

export function summaryText(vm: StubVm): string {
  const tools =
    vm.toolsRunning === false ? ["toolsNotRunning", "guestToolsNotRunning"] : ["toolsOk", "guestToolsRunning"];
  return `Listsummary:

(vim.vm.Summary) {
   vm = 'vim.VirtualMachine:${vm.vmid}', 
   runtime = (vim.vm.RuntimeInfo) {
      host = 'vim.HostSystem:ha-host', 
      connectionState = "connected", 
      powerState = "@POWER@", 
      toolsInstallerMounted = false, 
      bootTime = @BOOT@, 
@QUESTION@
      consolidationNeeded = false, 
      memoryOverhead = 119189504
   }, 
   guest = (vim.vm.Summary.GuestSummary) {
      guestId = "ubuntu64Guest", 
      guestFullName = "Ubuntu Linux (64-bit)", 
      toolsStatus = "${tools[0]}", 
      toolsRunningStatus = "${tools[1]}", 
      hostName = "host${vm.vmid}", 
      ipAddress = "192.0.2.${vm.vmid % 250}"
   }, 
   config = (vim.vm.Summary.ConfigSummary) {
      name = "${vm.name}", 
      template = false, 
      vmPathName = "${datastorePath(vm)}", 
      memorySizeMB = ${vm.memorySizeMb ?? 2048}, 
      numCpu = ${vm.numCpu ?? 2}, 
      numEthernetCards = 1, 
      numVirtualDisks = 1, 
      uuid = "${uuidOf(vm)}", 
      instanceUuid = "52${uuidOf(vm).slice(2)}", 
      guestId = "ubuntu64Guest", 
      guestFullName = "Ubuntu Linux (64-bit)", 
      annotation = "${vm.note ?? ""}", 
      product = (vim.vApp.ProductInfo) null, 
      hwVersion = "vmx-20"
   }, 
   storage = (vim.vm.Summary.StorageSummary) {
      committed = 4408509391, 
      uncommitted = 11697668096, 
      unshared = 4408509391, 
      timestamp = "2026-11-01T08:00:00.000000Z"
   }, 
   quickStats = (vim.vm.Summary.QuickStats) {
      overallCpuUsage = 20, 
      guestMemoryUsage = 40, 
      hostMemoryUsage = 652, 
      uptimeSeconds = 3600
   }, 
   overallStatus = "green"
}
`;
}

/** As `vmsvc/message VMID` prints it. */
export function messageText({ id, text, choices }: StubQuestion): string {
  const lines = choices.map(({ key, name, label }) => `   ${key}. ${name} (${label})\n`);
  return `Virtual machine message ${id}:\n${text}\n${lines.join("")}\n`;
}

/** As it stands in a summary, by the grammar: no capture shows one. */
export function questionField({ id, text, choices }: StubQuestion): string {
  const infos = choices.map(
    ({ key, label }) =>
      `            (vim.ElementDescription) {\n               label = "${label}", \n` +
      `               summary = "${label}", \n               key = "${key}"\n            }`,
  );
  return `      question = (vim.vm.QuestionInfo) {
         id = "${id}", 
         text = "${text}", 
         choice = (vim.option.ChoiceOption) {
            choiceInfo = (vim.ElementDescription) [
${infos.join(", \n").replaceAll(/^/gm, "   ")}
            ], 
            defaultIndex = 0
         }, 
         message = <unset>
      }, 
`;
}

export function datastorePath(vm: StubVm): string {
  return vm.datastorePath ?? `[datastore1] ${vm.name}/${vm.name}.vmx`;
}

/** `/vmfs/volumes/UUID/folder/file.vmx`; another datastore than datastore1 goes by its name. */
export function vmxPath(vm: StubVm): string {
  const mountOf = (name: string): string => (name === "datastore1" ? datastoreMount : `/vmfs/volumes/${name}`);
  return datastorePath(vm).replace(/^\[([^\]]*)\] /, (_, name: string) => `${mountOf(name)}/`);
}

export function uuidOf(vm: StubVm): string {
  return vm.uuid ?? `564d0000-0000-4000-8000-${vm.vmid.toString(16).padStart(12, "0")}`;
}

function centred(text: string, width: number): string {
  return `${" ".repeat(Math.floor((width - text.length) / 2))}${text}`.padEnd(width);
}

function csv(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
