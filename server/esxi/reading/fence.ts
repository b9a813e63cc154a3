/** What a fence's output says. */
import { AppError } from "../../errors.ts";
import { claims } from "../commands/fence-script.ts";
import type { Claim, FenceRequest } from "../driver.ts";
import { parseHostUptime } from "../parse/host-summary.ts";
import type { Section } from "../parse/sections.ts";
import { type ActOutput, damaged, folderRefused, wholeSections } from "./act.ts";

/** @throws AppError OUTPUT_DAMAGED, OUT_OF_SPACE, HOSTD_DOWN: nothing is known yet, ask again */
export function readClaim(output: Omit<ActOutput, "commands">, request: FenceRequest): Claim {
  const sections = wholeSections(output);
  const claim = claims.find((word) => word === sections.get("claim")?.text);
  if (claim === undefined) throw damaged();
  if (claim === "failed-folder") throw folderRefused();
  if (claim === "begun") return "begun";
  const bootedAt = output.startedAt - uptimeMsOf(sections.get("host"));
  return bootedAt > Date.parse(request.sentAt) ? "forgotten" : "fenced";
}

/** A host that can't tell is taken for one that was not restarted; no release is known that does not. */
function uptimeMsOf(section: Section | undefined): number {
  const uptime = parseHostUptime(section?.text ?? "");
  if ("ok" in uptime) return uptime.ok === null ? Number.POSITIVE_INFINITY : uptime.ok * 1000;
  throw new AppError("HOSTD_DOWN", `The host could not say since when it runs: ${uptime.failed}`);
}
