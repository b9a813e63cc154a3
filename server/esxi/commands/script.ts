/**
 * Scripts are made of sections: a command's output between two marks that carry a nonce of this run, so that nothing
 * a VM's note says can pass for a mark. parse/sections.ts reads them back.
 *
 * The shell on the host is busybox ash. What it may lack and scripts must not use: `command`, `tr`, `umask`, `nohup`,
 * `setsid`, `base64`, arrays, `[[`, process substitution (public notes on 6.5 to 8.0).
 */
import { randomBytes } from "node:crypto";
import { quoteCommand } from "../quote.ts";

export interface Script {
  readonly text: string;
  readonly nonce: string;
}

/** 128 bits, hex. */
export function createNonce(): string {
  return randomBytes(16).toString("hex");
}

/**
 * Wraps a body into a script. In it `section NAME COMMAND…` runs a command (without stdin, stderr with stdout) as a
 * section, `print_section NAME RC TEXT` prints a text as one, and `$nonce` is the nonce.
 */
export function createScript(body: readonly string[], nonce = createNonce()): Script {
  return { nonce, text: [...prelude(nonce), ...body, done, ""].join("\n") };
}

/** The line that runs a command as a section. */
export function sectionLine(name: string, argv: readonly string[]): string {
  return `section ${quoteCommand([name, ...argv])}`;
}

/** PATH may be short in an exec session (reported for 6.5), and a `which` costs less than a missed command. */
function prelude(nonce: string): readonly string[] {
  return [
    `nonce=${nonce}`,
    "which vim-cmd >/dev/null 2>&1 || PATH=$PATH:/bin:/sbin:/usr/bin:/usr/sbin",
    "export PATH",
    `begin() { printf '@@%s begin %s\\n' "$nonce" "$1"; }`,
    `end() { printf '\\n@@%s end %s %s\\n' "$nonce" "$1" "$2"; }`,
    `section() { section_name=$1; shift; begin "$section_name"; "$@" </dev/null 2>&1; end "$section_name" $?; }`,
    `print_section() { begin "$1"; printf '%s' "$3"; end "$1" "$2"; }`,
  ];
}

const done = `printf '@@%s done\\n' "$nonce"`;
