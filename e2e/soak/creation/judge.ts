/** What must hold of creations that have ended: what is told is what is there, and nothing else changed. */
import type { Action, SimulatedHost, Simulator, SimVm } from "../../../simulator/simulator.ts";
import { until } from "../../harness/until.ts";
import type { Request } from "./request.ts";

type Files = Readonly<Record<string, string>>;

/** Of one request: its end against its host. */
export async function faultsOf(request: Request, log: readonly Action[]): Promise<readonly string[]> {
  const { task, host, input } = request;
  if (task === undefined) return [`${input.name}: no task`];
  const told = `${input.name} on ${host.name} (${task.id}): ${task.state} ${task.result}`;
  const folder = `${request.mountPoint}/${input.name}`;
  const vms = host.vms().filter(({ path }) => path === `${folder}/${input.name}.vmx`);
  const files = await filesIn(host, folder);
  const registrations = log
    .slice(request.logLength)
    .filter(({ command, vmPath }) => command === "solo/registervm" && vmPath.startsWith(`${folder}/`));
  const common = [
    ...(registrations.length > 1 ? [`registered ${registrations.length} times`] : []),
    ...(task.state === "UNKNOWN" ? ["it never settled"] : []),
    ...(vms.length > 1 ? ["registered twice"] : []),
    ...(request.wasCancelled || task.state !== "CANCELLED" || task.sentAt === null ? [] : ["nobody cancelled it"]),
  ];
  const wasCreated = task.state === "SUCCEEDED" || (task.result ?? "").includes(" was created");
  const rest = wasCreated ? createdFaults(request, vms[0], files) : goneFaults(vms, files);
  return [...common, ...rest].map((fault) => `${told}\n  ${fault}`);
}

function createdFaults(
  { input, vmx, mountPoint, task }: Request,
  vm: SimVm | undefined,
  files: Files,
): readonly string[] {
  const folder = `${mountPoint}/${input.name}`;
  if (vm === undefined) return ["it is not registered"];
  return [
    ...(files[`${folder}/.ecoman-job`] === undefined ? [] : ["its folder still bears the mark"]),
    // The host adds what it makes at the registration.
    ...(files[`${folder}/${input.name}.vmx`]?.startsWith(`file\n${vmx}`) ? [] : ["its .vmx is not what was planned"]),
    ...(`${folder}/${input.name}.vmdk` in files && `${folder}/${input.name}-flat.vmdk` in files
      ? []
      : ["its disk is not whole"]),
    ...(task?.state === "SUCCEEDED" && (vm.power === "ON") !== input.powerOn ? [`it is ${vm.power}`] : []),
    ...(vm.name === input.name && vm.note === input.comment ? [] : ["name or note is not what was asked for"]),
    ...(task?.vmId === null ? ["the task names no VM"] : []),
  ];
}

function goneFaults(vms: readonly SimVm[], files: Files): readonly string[] {
  const left = Object.keys(files);
  return [
    ...(vms.length > 0 ? ["it is registered"] : []),
    ...(left.length > 0 ? [`left behind: ${left.join(", ")}`] : []),
  ];
}

async function filesIn(host: SimulatedHost, folder: string): Promise<Files> {
  const all = Object.entries(await host.fileMap());
  return Object.fromEntries(all.filter(([path]) => path === folder || path.startsWith(`${folder}/`)));
}

/** Removes what was created, then compares every host with its twin, that nobody ever touched. */
export async function tidyAway(
  asked: readonly Request[],
  simulator: Simulator,
  twins: Simulator,
): Promise<readonly string[]> {
  for (const { host, mountPoint, input } of asked) {
    const vm = host.vms().find(({ path }) => path === `${mountPoint}/${input.name}/${input.name}.vmx`);
    if (vm === undefined) continue;
    host.setPower(vm.vmid, "OFF");
    host.removeVm(vm.vmid);
    const folder = `${mountPoint}/${input.name}`;
    await until(async () => Object.keys(await filesIn(host, folder).catch(() => ({ [folder]: "" }))).length === 0);
  }
  const faults = await Promise.all(simulator.hosts.map((host, index) => differences(host, twins.hosts[index])));
  return faults.flat();
}

async function differences(host: SimulatedHost, twin: SimulatedHost | undefined): Promise<readonly string[]> {
  if (twin === undefined) return [`${host.name} has no twin`];
  const [is, was] = [datastoresOf(await host.fileMap()), datastoresOf(await twin.fileMap())];
  const paths = new Set([...Object.keys(is), ...Object.keys(was)]);
  const files = [...paths].filter((path) => is[path] !== was[path]);
  const names = (of: SimulatedHost): string => JSON.stringify(of.vms().map(({ path }) => path));
  return [
    ...files.map((path) => `${host.name}: ${path} is ${is[path] ?? "gone"}, was ${was[path] ?? "not there"}`),
    ...(names(host) === names(twin) ? [] : [`${host.name} has the VMs ${names(host)}`]),
  ];
}

function datastoresOf(files: Files): Files {
  return Object.fromEntries(Object.entries(files).filter(([path]) => path.startsWith("/vmfs/")));
}
