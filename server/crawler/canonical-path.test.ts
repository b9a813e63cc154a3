import { describe, expect, it } from "vitest";
import type { Datastore } from "../model.ts";
import { canonicalPath, datastoreNameOf, volumesOf } from "./canonical-path.ts";
import { datastore, volume } from "./testing/fake-host.ts";

const other = "/vmfs/volumes/5f000000-00000002-0000-000000000002";

function named(name: string, mountPoint: string): Datastore {
  return { ...datastore, name, mountPoint };
}

describe("canonical path", () => {
  const volumes = volumesOf([datastore, named("lab [fast]", other), named("twice", other), named("twice", volume)], []);

  it.each([
    ["[ds1] a/a.vmx", `${volume}/a/a.vmx`],
    ["[ds1] deep/er/a b.vmx", `${volume}/deep/er/a b.vmx`],
    ["[lab [fast]] x [1]/x.vmx", `${other}/x [1]/x.vmx`],
    ["/vmfs/volumes/ds1/a/a.vmx", `${volume}/a/a.vmx`],
    [`${volume}/a//a.vmx`, `${volume}/a/a.vmx`],
    ["[] /var/run/crx/infra/v.vmx", "/var/run/crx/infra/v.vmx"],
    ["[] /vmfs/volumes/ds1/a/a.vmx", `${volume}/a/a.vmx`],
    ["/vmfs/volumes/01234567-89abcdef/nfs.vmx", "/vmfs/volumes/01234567-89abcdef/nfs.vmx"],
  ])("is sure of %s", (printed, path) => {
    expect(canonicalPath(printed, volumes)).toEqual({ path, certain: true });
  });

  it.each([
    ["[gone] a/a.vmx", "/vmfs/volumes/gone/a/a.vmx"],
    ["[twice] a/a.vmx", "/vmfs/volumes/twice/a/a.vmx"],
    ["/vmfs/volumes/gone/a/a.vmx", "/vmfs/volumes/gone/a/a.vmx"],
  ])("keeps the name form of %s and says so", (printed, path) => {
    expect(canonicalPath(printed, volumes)).toEqual({ path, certain: false });
  });

  it("still knows a name that the newest list lacks, but believes the newest list about a name that moved", () => {
    expect(canonicalPath("[ds1] a.vmx", volumesOf([], [datastore])).path).toBe(`${volume}/a.vmx`);
    expect(canonicalPath("[ds1] a.vmx", volumesOf([named("ds1", other)], [datastore])).path).toBe(`${other}/a.vmx`);
  });

  it("tells the datastore's name", () => {
    expect(datastoreNameOf("[lab [fast]] x/x.vmx", volumes)).toBe("lab [fast]");
    expect(datastoreNameOf("[] /var/run/crx/v.vmx", volumes)).toBeNull();
    expect(datastoreNameOf(null, volumes)).toBeNull();
  });
});
