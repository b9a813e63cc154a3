/**
 * `vim-cmd solo/querycfgopt`: which virtual hardware and which guests a host knows. No capture of it was found; its form follows
 * from the type vim.vm.ConfigOption and the grammar of all other dumps, so anything else is taken for "it does not tell".
 */
import type { Firmware, GuestSystem } from "../../model.ts";
import type { ConfigOptions } from "../observation.ts";
import { type DumpObject, isArray, isObject, textAt, valueAt } from "./dump-value.ts";
import { findFault } from "./fault.ts";
import { hostdTrouble } from "./hostd-trouble.ts";
import { excerpt, type Parsed } from "./parsed.ts";
import { parseDump } from "./typed-dump.ts";

const longestName = 200;

/** Never throws. */
export function parseConfigOptions(text: string): Parsed<ConfigOptions> {
  const dump = parseDump(text, { moreMayFollow: true });
  if ("failed" in dump || !isObject(dump.ok) || dump.ok.type !== "vim.vm.ConfigOption") {
    const reason = "failed" in dump ? dump.failed : "not a host's config option";
    return { failed: findFault(text)?.message ?? hostdTrouble(text) ?? (excerpt(text) || reason) };
  }
  const version = textAt(dump.ok, "version");
  return {
    ok: {
      hardwareVersion: version !== null && /^vmx-\d{2,3}$/.test(version) ? version : null,
      guestSystems: guestsIn(dump.ok),
    },
  };
}

function guestsIn(options: DumpObject): readonly GuestSystem[] {
  const descriptors = valueAt(options, "guestOSDescriptor");
  const guests = new Map<string, GuestSystem>();
  for (const item of isArray(descriptors) ? descriptors.items : []) {
    const id = isObject(item) ? textAt(item, "id") : null;
    if (id === null || !isObject(item) || !/^[A-Za-z][A-Za-z0-9_]{1,79}$/.test(id)) continue;
    const fullName = excerpt(textAt(item, "fullName") ?? id, longestName);
    guests.set(id, { id, fullName, firmware: firmwareOf(textAt(item, "recommendedFirmware")) });
  }
  return [...guests.values()].sort((one, other) => (one.fullName < other.fullName ? -1 : 1));
}

function firmwareOf(word: string | null): Firmware | null {
  if (word === "bios") return "BIOS";
  return word === "efi" ? "EFI" : null;
}
