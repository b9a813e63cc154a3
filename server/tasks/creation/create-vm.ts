/** Creates a VM: checked by what is known of the node, then made step by step, or taken back. */
import { toAppError, type UserError } from "../../errors.ts";
import type { CreationOrder } from "../../esxi/creation.ts";
import type { ActRequest } from "../../esxi/driver.ts";
import type { Inventory } from "../../inventory.ts";
import type { Node, NodeName, Task } from "../../model.ts";
import { driverOf, isDriver } from "../act.ts";
import type { Deadlines } from "../deadlines.ts";
import { failed } from "../settlement.ts";
import type { Checked, Settlement, UseCase } from "../use-case.ts";
import { carryOut } from "./carry-out.ts";
import { type CreateAsked, draftOf } from "./draft.ts";
import { fault } from "./faults.ts";
import { actIdOf, type CreationInput, inputOf } from "./journal.ts";
import { stepNames } from "./words.ts";
import { beginWork, type CreationRoom } from "./work.ts";

export interface CreateVmRoom extends CreationRoom {
  readonly inventory: CreationRoom["inventory"] & Pick<Inventory, "vmsOf">;
  /** Does this server look after the node: only then may it be asked anything. */
  readonly holds: (node: NodeName) => boolean;
}

export function createCreationUseCase(room: CreateVmRoom, deadlines: Deadlines): UseCase {
  async function check(asked: CreateAsked, isDryRun: boolean): Promise<Checked> {
    const driver = driverOf(asked.node, room);
    if (!isDriver(driver)) return { plan: null, userErrors: [{ ...driver, path: ["input", "node"] }] };
    const node = room.inventory.node(asked.node);
    if (node === undefined || !isRead(node)) return { plan: null, userErrors: [notRead(asked.node, node)] };
    const draft = draftOf(asked, { node, vms: room.inventory.vmsOf(node.name) });
    const unlisted = isDryRun ? null : draft.unlistedIso;
    const mayAsk = room.holds(node.name);
    const isoFaults = unlisted === null || !mayAsk ? [] : await missingIso(unlisted, node.name);
    const userErrors = [...draft.faults, ...isoFaults];
    if (draft.order === null) return { plan: null, userErrors };
    const { blueprint, datastore } = draft.order;
    const facts: CreationInput = {
      mountPoint: datastore.mountPoint,
      datastore: datastore.name,
      blueprint,
      powerOn: asked.powerOn ?? false,
      ...(unlisted === null || mayAsk ? {} : { uncheckedIso: unlisted }),
    };
    const planned = () => driver.creation.plan(dryOrder(facts));
    return {
      userErrors,
      plan: {
        node: node.name,
        vmId: null,
        facts: { ...facts },
        exclusive: {
          key: JSON.stringify(["create", node.name, blueprint.name.toLowerCase()]),
          deed: `creates a VM "${blueprint.name}" on node ${node.name}`,
          path: ["input", "name"],
        },
        steps: facts.powerOn ? [...makingSteps, stepNames.power] : makingSteps,
        commands: () => [
          ...Object.values(planned().lines).flat(),
          ...(facts.powerOn ? driver.plan(powerOnAt(planned().vmx.path)) : []),
        ],
        files: () => [planned().vmx],
      },
    };
  }

  /** Images are listed only in the folders where they usually lie: this one's folder is asked for now. */
  async function missingIso(path: string, name: string): Promise<readonly UserError[]> {
    const driver = driverOf(name, room);
    if (!isDriver(driver)) return [];
    const folder = path.slice(0, path.lastIndexOf("/"));
    try {
      const { images, silent } = await driver.listIsoImages({ folders: [folder], mountPoints: [] }, {});
      if (images.some((image) => image.path === path)) return [];
      const why = silent.length > 0 ? `its folder did not answer in time` : "there is no such file";
      const message = `Node ${name} can't give ${JSON.stringify(path)}: ${why}. See Node.isoImages for those it has.`;
      return [fault(silent.length > 0 ? "HOST_BUSY" : "NOT_FOUND", ["isoPath"], message)];
    } catch (thrown) {
      const { code, message } = toAppError(thrown);
      return [fault(code, ["isoPath"], `Whether ${JSON.stringify(path)} is there could not be asked: ${message}`)];
    }
  }

  /** Where it was asked for at a server that may not ask the node. */
  async function endByIso(task: Task): Promise<Settlement | undefined> {
    const { uncheckedIso } = inputOf(task);
    const [missing] = uncheckedIso === undefined ? [] : await missingIso(uncheckedIso, task.node);
    return missing && failed(missing.code, `${missing.message} Nothing was sent to the host.`);
  }

  return {
    kind: "CREATE_VM",
    steps: makingSteps,
    lane: "creation",
    cancellation: "between-steps",
    isSealed: (task) => inputOf(task).journal?.aim === "kept",
    check: (asked, { dryRun }) => check(asked as unknown as CreateAsked, dryRun),
    run: async (handle) => (await endByIso(handle.task)) ?? carryOut(beginWork(handle, room, deadlines)),
    recover: (handle) => carryOut(beginWork(handle, room, deadlines)),
    async tidy(task) {
      const { id, node } = task;
      const driver = driverOf(node, room);
      const sent = inputOf(task).journal?.sent ?? 0;
      const actIds = Array.from({ length: sent }, (_, index) => actIdOf(id, index + 1));
      if (isDriver(driver) && sent > 0) await driver.forget(actIds, {});
    },
  };
}

const makingSteps = [
  stepNames.claim,
  stepNames.disk,
  stepNames.configure,
  stepNames.register,
  stepNames.compare,
  stepNames.finish,
] as const;

/** For its line alone: the host will give the VM its vmid. */
function powerOnAt(path: string): ActRequest {
  const vm = { vmid: 0, path, datastorePath: null, uuid: null };
  return { actId: "dry-run", vm, act: { kind: "power", action: "ON" } };
}

/** Sizes and places are known only of a node that was read once. */
function isRead({ hardware, datastores, portGroups }: Node): boolean {
  return hardware !== null && datastores.length > 0 && portGroups.length > 0;
}

function notRead(name: string, node: Node | undefined): UserError {
  const why = node?.statusMessage ?? "it is being looked at for the first time";
  return fault(
    "HOST_UNREACHABLE",
    ["node"],
    `Node ${name} was not read in full yet, so nothing can be checked: ${why} Try again when it is ONLINE.`,
  );
}

function dryOrder({ mountPoint, blueprint }: CreationInput): CreationOrder {
  return { jobId: "dry-run", mountPoint, blueprint };
}
