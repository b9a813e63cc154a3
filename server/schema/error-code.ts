import type { ErrorCode, UserError } from "../errors.ts";
import { builder } from "./builder.ts";
import { describedEnum } from "./described-enum.ts";

export const ErrorCodeEnum = describedEnum<ErrorCode>("ErrorCode", "Why something failed.", {
  INVALID_INPUT: "The request itself is at fault; the message names the limit and the value given.",
  UNAUTHENTICATED: "No valid token was given.",
  FORBIDDEN: "You may not do this.",
  NOT_FOUND: "There is no such thing (any more).",
  CONFLICT: "The present state does not fit the request: look again, then decide.",
  LIMIT_EXCEEDED: "The request is larger than this server allows.",
  HOST_UNREACHABLE: "The host does not answer, or the line was cut.",
  HOST_BUSY: "The host gives no channel, or another task holds the VM: try again.",
  HOSTD_DOWN: "The host answers, but its management agent does not.",
  AUTH_FAILED: "The host refused our credentials.",
  HOST_KEY_UNKNOWN: "The host's key is neither pinned nor known.",
  HOST_KEY_MISMATCH: "The host's key is another one than the pinned or known one.",
  NODE_DISABLED: "The node is switched off in hosts.yml.",
  OUTPUT_DAMAGED: "The host's output was cut, garbled or too large, so nothing of it was used.",
  HOST_REFUSED: "The host said no; the message holds its own words.",
  LICENSE_RESTRICTED: "The host's licence does not allow it.",
  OUT_OF_SPACE: "A datastore is full.",
  TOOLS_NOT_RUNNING: "The guest can't be asked: VMware Tools do not run in it.",
  QUESTION_PENDING: "The VM waits for the answer to a question; see `Vm.question` and `answerQuestion`.",
  GUEST_DID_NOT_RESPOND: "The guest was asked and did not do it in time.",
  OUTCOME_UNKNOWN: "The command was sent and its outcome could not be observed. It is not sent again.",
  TIMEOUT: "A deadline passed before anything was sent.",
  CANCELLED: "Cancelled on request.",
  LEASE_LOST: "Another ECoMan server looks after the node by now: ask again.",
  STORE_UNREACHABLE: "ECoMan's database does not answer: try again.",
  SHUTTING_DOWN: "This server is shutting down: try again in a moment.",
  INTERNAL: "Something in ECoMan failed unexpectedly; the server's log has the details.",
});

export const UserErrorType = builder.objectRef<UserError>("UserError").implement({
  description: "Why a mutation did nothing. All faults of a request are listed at once.",
  fields: (t) => ({
    code: t.field({ type: ErrorCodeEnum, description: "Why, for programs.", resolve: (error) => error.code }),
    message: t.exposeString("message", { description: "Why, and what to do about it, for people." }),
    path: t.exposeStringList("path", { description: 'The input field at fault, such as `["input", "vmId"]`.' }),
  }),
});
