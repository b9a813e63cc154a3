/**
 * What no host may be sent, whoever asks for it. Who asks was told before what is wrong, and how to set it right; this is the
 * last gate.
 */
import { AppError } from "../../../errors.ts";
import { type CreationOrder, isNewVmName, type VmBlueprint } from "../../creation.ts";

/** What every script of a creation is made of. @throws AppError INVALID_INPUT */
export function checkPlace({ jobId, mountPoint, blueprint: { name } }: CreationOrder): void {
  if (!/^[A-Za-z0-9-]{1,64}$/.test(jobId)) throw refusal("the id of a job", jobId);
  if (!isNewVmName(name)) throw refusal("the name of a new VM", name);
  if (!/^\/vmfs\/volumes\/[^/\0\r\n]+$/.test(mountPoint) || /\/\.{1,2}$/.test(mountPoint)) {
    throw refusal("the path of a datastore", mountPoint);
  }
}

/** What a VM is made of. @throws AppError INVALID_INPUT */
export function checkOrder(order: CreationOrder): void {
  checkPlace(order);
  const { guestId, portGroup, isoPath, comment } = order.blueprint;
  for (const key of counts) {
    const count = order.blueprint[key];
    if (!Number.isInteger(count) || count < 1 || count > 9_999_999_999) throw refusal(`the ${key} of a VM`, count);
  }
  if (!/^[A-Za-z0-9_]{1,64}$/.test(guestId)) throw refusal("the id of a guest operating system", guestId);
  if (portGroup === "" || !isText(portGroup)) throw refusal("the name of a port group", portGroup);
  if (!isText(comment)) throw refusal("a comment: it holds NUL or half a character", comment);
  if (isoPath !== null && !isFilePath(isoPath)) throw refusal("the path of an ISO image", isoPath);
}

const counts = ["numCpu", "memorySizeMb", "diskSizeGb", "hardwareVersion"] as const satisfies (keyof VmBlueprint)[];

/** Canonical: `.` and `..` lead elsewhere. */
function isFilePath(path: string): boolean {
  // oxlint-disable-next-line no-control-regex
  if (!isText(path) || !/^\/vmfs\/volumes\/[^/]+\/[^/][^\x00-\x1f\x7f]*$/.test(path)) return false;
  return path
    .split("/")
    .slice(1)
    .every((part) => part !== "" && part !== "." && part !== "..");
}

/** NUL can't be written into a file that is text, and half a character would arrive as another one. */
function isText(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}

function refusal(what: string, given: string | number): AppError {
  return new AppError("INVALID_INPUT", `${JSON.stringify(given).slice(0, 200)} can't be ${what}.`);
}
