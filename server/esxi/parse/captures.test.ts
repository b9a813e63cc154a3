/**
 * Outputs that people published, kept outside this repository: each is either read here, with its values stated, or
 * named with the reason why no parser reads it.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Checks } from "./testing/captures/check.ts";
import { dumpChecks } from "./testing/captures/dumps.ts";
import { esxcliChecks } from "./testing/captures/esxcli.ts";
import { listingChecks } from "./testing/captures/listings.ts";
import { notRead } from "./testing/captures/not-read.ts";
import { powerChecks } from "./testing/captures/power.ts";
import { taskChecks } from "./testing/captures/tasks.ts";

const folder = new URL("../../../../shared/esxi/captures/", import.meta.url);
const checks: Checks = { ...dumpChecks, ...esxcliChecks, ...listingChecks, ...powerChecks, ...taskChecks };

describe.skipIf(!existsSync(folder))("captures (skipped where the folder shared/esxi/captures is missing)", () => {
  test.each(Object.entries(checks))("%s", (name, check) => {
    check(readFileSync(new URL(encodeURIComponent(name), folder), "utf8"));
  });

  test("every other one has a reason why it is not read", () => {
    const others = readdirSync(folder).filter((name) => !Object.hasOwn(checks, name));
    expect(others.filter((name) => !Object.keys(notRead).some((start) => name.startsWith(start)))).toEqual([]);
  });
});
