/** `node scripts/screenshots.ts`: takes the pictures of docs/web-client.md anew, of the built client on a simulated fleet. */
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { openBrowser } from "../e2e/harness/client-page.ts";
import { query } from "../e2e/harness/graphql.ts";
import { startSimulatedApp } from "../e2e/harness/simulated-app.ts";
import { until as eventually } from "../e2e/harness/until.ts";

interface Shot {
  readonly file: string;
  readonly path: string;
  readonly colorScheme: "light" | "dark";
  /** What must be seen before. */
  readonly until: (page: Page) => Promise<unknown>;
}

const shots: readonly Shot[] = [
  {
    file: "web-vms.png",
    path: "/vms",
    colorScheme: "light",
    until: (page) => page.locator(".row .mark").first().waitFor(),
  },
  {
    file: "web-vms-dark.png",
    path: "/vms?q=web&dense",
    colorScheme: "dark",
    until: (page) => page.locator(".row[data-stale]").first().waitFor(),
  },
  {
    file: "web-nodes.png",
    path: "/nodes",
    colorScheme: "light",
    until: (page) => page.getByText("1 not well").waitFor(),
  },
  {
    file: "web-create.png",
    path: "/create?node=esx01&name=web-01&cpu=2&memory=2048&disk=50",
    colorScheme: "light",
    until: (page) => page.getByRole("group", { name: "web-01.vmx" }).waitFor(),
  },
];

await using simulated = await startSimulatedApp({ seed: 7, hosts: 6, vmsPerHost: 40, intervalSeconds: 2 });
await using browser = await openBrowser();
const unread = "{ vms(first: 1, filter: { powerStates: [UNKNOWN] }) { totalCount } }";
await eventually(
  async () => (await query<{ vms: { totalCount: number } }>(simulated.url, unread)).vms.totalCount === 0,
);
await simulated.simulator.host("esx03").stop();
for (const { file, path, colorScheme, until } of shots) {
  const { page } = await browser.open(`${simulated.url}${path}`, { colorScheme });
  await page.getByText("Live", { exact: true }).waitFor();
  await until(page);
  await page.screenshot({ path: fileURLToPath(new URL(`../docs/${file}`, import.meta.url)) });
  await page.context().close();
}
