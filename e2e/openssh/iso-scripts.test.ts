/** Listing ISO images while one of the places they lie in does not answer. */
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FalseHost, startFalseHost } from "./false-host.ts";
import { nameWithReason, whatIsMissing } from "./missing.ts";

const dead = "/vmfs/volumes/nfs-dead";
const fine = "/vmfs/volumes/nfs-fine";
const folder = "/vmfs/volumes/datastore1/it's $(mine)";

describe.skipIf(whatIsMissing() !== undefined)(nameWithReason("listing ISO images under busybox ash"), () => {
  let host: FalseHost;
  beforeAll(async () => {
    host = await startFalseHost([]);
    const files = {
      [`${dead}/iso/gone.iso`]: 3,
      [`${fine}/ISOs/Büro.iso`]: 4,
      [`${fine}/os-images/a "b".ISO`]: 5,
      [`${fine}/iso/readme.txt`]: 6,
      [`${fine}/other/c.iso`]: 7,
      [`${folder}/d e.iso`]: 8,
    };
    for (const [path, size] of Object.entries(files)) {
      await mkdir(join(host.world.root, path, ".."), { recursive: true });
      await writeFile(join(host.world.root, path), "x".repeat(size));
    }
  });
  afterAll(() => host?.close());

  const request = { folders: [folder], mountPoints: [dead, fine] };
  const images = [
    { path: `${folder}/d e.iso`, sizeBytes: 8 },
    { path: `${fine}/ISOs/Büro.iso`, sizeBytes: 4 },
    { path: `${fine}/os-images/a "b".ISO`, sizeBytes: 5 },
  ];

  it("finds them by folder and ending in any case, calls nothing of ESXi's, and leaves nothing behind", async () => {
    const listing = await host.driver.listIsoImages(request, {});
    expect(listing.silent).toEqual([]);
    expect(listing.images).toEqual(expect.arrayContaining([...images, { path: `${dead}/iso/gone.iso`, sizeBytes: 3 }]));
    expect(listing.images).toHaveLength(4);
    expect(await host.newCalls()).toEqual([]);
    expect(await readdir(join(host.world.root, "tmp"))).toEqual([]);
  });

  it("lists the others while a mount is dead, starts one job for it and not a second, and sees it come back", async () => {
    await host.world.setDead(dead, true);
    for (const _ of [1, 2]) {
      const listing = await host.driver.listIsoImages(request, {});
      expect(listing.silent).toEqual([dead]);
      expect(listing.images).toEqual(expect.arrayContaining(images));
      expect(listing.images).toHaveLength(3);
      expect(await readdir(join(host.world.root, "tmp"))).toHaveLength(1);
    }
    await host.world.setDead(dead, false);
    expect((await host.driver.listIsoImages(request, {})).silent).toEqual([]);
    expect(await readdir(join(host.world.root, "tmp"))).toEqual([]);
  });

  it("tidies up after a job that hung in an earlier hour", async () => {
    await host.world.setDead(dead, true);
    await host.driver.listIsoImages(request, {});
    const tmp = join(host.world.root, "tmp");
    const [hung = ""] = await readdir(tmp);
    const old = hung.replace(/\d+$/, "1");
    await mkdir(join(tmp, old));
    for (const file of ["list", "done"]) await writeFile(join(tmp, old, file), "");
    await host.world.setDead(dead, false);
    await host.driver.listIsoImages(request, {});
    expect(await readdir(tmp)).toEqual([]);
  });
});
