/** A host whose every name is a piece of a page: it is shown as text, on the nodes' pages and in the form for a new VM. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumMissing } from "../harness/chromium.ts";
import { type ClientBrowser, openBrowser } from "../harness/client-page.ts";
import { type SimulatedApp, startSimulatedApp } from "../harness/simulated-app.ts";
import { until } from "../harness/until.ts";

const missing = chromiumMissing();
const hostile = (where: string) => `<img src=x onerror=document.title='${where}'>`;
const uuid = "5f3c0000-11111111-2222-333333333333";
const captures = {
  "esxcli_network_vswitch_standard_portgroup_list.txt": [
    "ActiveClients,Name,VLANID,VirtualSwitch,",
    `1,${hostile("group")},0,${hostile("switch")},`,
    "1,VM Network,0,vSwitch0,",
  ],
  "esxcli_storage_filesystem_list.txt": [
    "Free,MountPoint,Mounted,Size,Type,UUID,VolumeName,",
    `900000000000,/vmfs/volumes/${uuid},true,1000000000000,VMFS-6,${uuid},${hostile("volume")},`,
  ],
} as const;

describe.skipIf(missing)(`a hostile host (${missing ?? "Chromium"})`, () => {
  let simulated: SimulatedApp;
  let browser: ClientBrowser;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ecoman-captures-"));
    for (const [name, lines] of Object.entries(captures)) await writeFile(join(folder, name), `${lines.join("\n")}\n`);
    const hosts = [{ name: "hostile", vms: [{ name: hostile("vm") }] }] as const;
    [simulated, browser] = await Promise.all([startSimulatedApp({ hosts, capturesDir: folder }), openBrowser()]);
    const host = simulated.simulator.host("hostile");
    host.makeUnreadable(host.vms()[0]?.vmid ?? 0);
  });
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await simulated[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  test("has its names shown as text", async () => {
    const { page, complaints } = await browser.open(`${simulated.url}/nodes/hostile`);
    await page.getByRole("rowheader", { name: hostile("group") }).waitFor();
    await page.getByRole("rowheader", { name: hostile("volume") }).waitFor();
    await page.getByRole("cell", { name: hostile("switch") }).waitFor();
    await page
      .locator(".trouble")
      .getByText(`"${hostile("vm")}"`, { exact: false })
      .waitFor();
    await page.goto(`${simulated.url}/nodes`);
    await page.locator(".capacity-detail", { hasText: hostile("volume") }).waitFor();
    await page.goto(`${simulated.url}/create?node=hostile&name=x&iso=none&datastore=nowhere`);
    await page.getByRole("option", { name: hostile("group") }).waitFor({ state: "attached" });
    await until(async () =>
      ((await page.locator("#create-datastore-fault").textContent()) ?? "").includes(hostile("volume")),
    );
    await page.getByLabel("Datastore").selectOption(hostile("volume"));
    await page.getByLabel("Port group").selectOption(hostile("group"));
    await page.getByRole("group", { name: "x.vmx" }).getByText(hostile("group")).waitFor();
    expect(await page.locator("main img").count()).toBe(0);
    expect(await page.title()).toBe("Create a VM · ECoMan");
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
