/** What a fault of output does to bytes on their way. */
import type { CommandResult } from "./commands/command.ts";
import type { FaultRule } from "./words.ts";

/** One command's output. `drop` cuts the connection; what was to be printed then never arrives. */
export function damage(result: CommandResult, fault: FaultRule, drop: () => void): CommandResult {
  const at = fault.afterBytes ?? Math.floor(result.stdout.length / 2);
  if (fault.kind === "truncate") return { ...result, stdout: result.stdout.slice(0, at), exitCode: 0 };
  if (fault.kind === "garble")
    return { ...result, stdout: result.stdout.slice(0, at) + garbled(result.stdout.slice(at)) };
  if (fault.kind !== "drop") return result;
  drop();
  return { stdout: result.stdout.slice(0, at), stderr: "", exitCode: 255 };
}

/** Every third character becomes another one. */
function garbled(text: string): string {
  return Array.from(text, (char, index) => (index % 3 === 0 ? '\u0000\u0007#~Z"{'[index % 7] : char)).join("");
}

/** A whole channel's output, piece by piece. Gives what may still be sent of each piece. */
export function createChannelDamage(fault: FaultRule, drop: () => void): (bytes: Buffer) => Buffer {
  const limit = fault.afterBytes ?? 200;
  let passed = 0;
  return (bytes) => {
    const whole = bytes.subarray(0, Math.max(0, limit - passed));
    const rest = bytes.subarray(whole.length);
    passed += bytes.length;
    if (rest.length === 0 || fault.kind === "hang") return fault.kind === "hang" ? Buffer.alloc(0) : whole;
    if (fault.kind === "drop") drop();
    if (fault.kind !== "garble") return whole;
    return Buffer.concat([whole, Buffer.from(garbled(rest.toString("latin1")), "latin1")]);
  };
}
