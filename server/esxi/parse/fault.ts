/** Fault objects: `(vim.fault.NotFound) {…}`, alone or after words such as `Power on failed:`. */
import { type DumpObject, isArray, isObject, textAt, valueAt } from "./dump-value.ts";
import { excerpt } from "./parsed.ts";
import { parseDump } from "./typed-dump.ts";

const longestMessage = 1_000;

export interface HostFault {
  /** `vim.fault.InvalidPowerState`. */
  readonly type: string;
  /** The host's own words, several messages in one line each; the type's name if it said none. */
  readonly message: string;
  /** The state a VM is in, from an InvalidPowerState: `poweredOn`, `poweredOff`, `suspended`. */
  readonly existingState: string | null;
  /** From an AlreadyExists: the vmid that holds the path, as a string. */
  readonly name: string | null;
}

/** The fault that makes up a whole text but for words before it; `undefined` for any other text. Never throws. */
export function parseFault(text: string): HostFault | undefined {
  const dump = parseDump(text);
  return "ok" in dump && dump.ok.kind === "object" && isFaultType(dump.ok.type) ? faultOf(dump.ok) : undefined;
}

/** The first fault in a text, other text around it or not. A fault that was cut still has its type. Never throws. */
export function findFault(text: string): HostFault | undefined {
  const start = text.search(/\((?:vim|vmodl)\.fault\.\w+\)/);
  if (start < 0) return undefined;
  const dump = parseDump(text.slice(start), { moreMayFollow: true });
  if ("ok" in dump && dump.ok.kind === "object") return faultOf(dump.ok);
  const type = text.slice(start + 1, text.indexOf(")", start));
  return { type, message: excerpt(text.slice(start), longestMessage), existingState: null, name: null };
}

/** A fault that stands in another object, such as a task's `error`. */
export function faultOf(object: DumpObject): HostFault {
  return {
    type: object.type,
    message: messageOf(object),
    existingState: textAt(object, "existingState"),
    name: textAt(object, "name"),
  };
}

function isFaultType(type: string): boolean {
  return type.startsWith("vim.fault.") || type.startsWith("vmodl.fault.");
}

function messageOf(object: DumpObject): string {
  const details = valueAt(object, "faultMessage");
  const messages = [textAt(object, "msg"), textAt(object, "localizedMessage"), textAt(object, "reason")];
  for (const detail of isArray(details) ? details.items : []) {
    if (isObject(detail)) messages.push(textAt(detail, "message"));
  }
  const distinct = new Set(messages.flatMap((message) => message?.trim() || []));
  return distinct.size > 0 ? excerpt([...distinct].join(" "), longestMessage) : object.type;
}
