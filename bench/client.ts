/**
 * How fast the list of VMs is in a real browser, on this machine: `node bench/client.ts [VMs, default 10000]`.
 * Prints: rows visible after navigation, main-thread time of an idle second and of a change of 100 rows, frames of a 5 s scroll.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { CDPSession, Page } from "playwright-core";
import { launchChromium } from "../e2e/harness/chromium.ts";
import { startSimulatedApp } from "../e2e/harness/simulated-app.ts";
import { until } from "../e2e/harness/until.ts";

const count = Number(process.argv[2] ?? 10_000);
const hosts = Math.max(1, Math.round(count / 500));

await using simulated = await startSimulatedApp({
  hosts,
  vmsPerHost: Math.round(count / hosts),
  intervalSeconds: 3600,
});
await using browser = await launchChromium();
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
const cdp = await page.context().newCDPSession(page);
await cdp.send("Performance.enable");

await page.addInitScript(`
  window.shifts = 0;
  new PerformanceObserver((list) => {
    for (const { value } of list.getEntries()) window.shifts += value;
  }).observe({ type: "layout-shift", buffered: true });
`);

const started = performance.now();
await page.goto(simulated.url);
await page.locator(".grid-body .row").first().waitFor();
const firstMs = performance.now() - started;
await until(async () => Number((await page.locator(".count").first().textContent())?.replaceAll(/\D/g, "")) === count);
const allMs = performance.now() - started;
console.log(`${count} VMs: first rows after ${firstMs.toFixed(0)} ms, all read after ${allMs.toFixed(0)} ms`);

await delay(2_000);
const shifts = await page.evaluate<number>("window.shifts");
console.log(`layout shift while it is read: ${shifts.toFixed(4)} (good: under 0.1)`);
const idle = await workDuring(cdp, () => delay(5_000));
console.log(`idle: ${(idle.taskMs / 5).toFixed(1)} ms of main thread in a second`);

const [host] = simulated.simulator.hosts;
const touched = host?.vms().slice(0, 100) ?? [];
const change = await workDuring(cdp, async () => {
  for (const { vmid } of touched) host?.changeVm(vmid, { note: "changed by the bench" });
  await refresh(simulated.url, host?.name ?? "");
  await page.getByRole("searchbox").fill("changed by the bench");
  await until(async () => (await page.locator(".count").first().textContent())?.includes("100 of") ?? false);
});
console.log(
  `a change of 100 rows, searched for: ${change.taskMs.toFixed(0)} ms of main thread, ${change.scriptMs.toFixed(0)} ms of it script`,
);
await page.getByRole("searchbox").fill("");
await delay(500);

let frames: readonly number[] = [];
const scroll = await workDuring(cdp, async () => {
  frames = await scrollFor(page, 5_000);
});
console.log(
  `scrolling: ${(scroll.taskMs / frames.length).toFixed(1)} ms of main thread a frame, ${(scroll.scriptMs / frames.length).toFixed(1)} ms of it script`,
);
console.log(
  `scroll for 5 s: ${frames.length} frames, ${frames.filter((ms) => ms > 25).length} over 25 ms, the longest ${Math.max(...frames).toFixed(0)} ms`,
);

async function workDuring(session: CDPSession, run: () => Promise<unknown>) {
  const before = await metrics(session);
  await run();
  const after = await metrics(session);
  return { taskMs: (after.task - before.task) * 1000, scriptMs: (after.script - before.script) * 1000 };
}

async function metrics(session: CDPSession) {
  const { metrics: all } = await session.send("Performance.getMetrics");
  const valueOf = (name: string) => all.find((one) => one.name === name)?.value ?? 0;
  return { task: valueOf("TaskDuration"), script: valueOf("ScriptDuration") };
}

async function refresh(url: string, name: string): Promise<void> {
  await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      query: "mutation ($name: String!) { refreshNode(name: $name) { task { id } } }",
      variables: { name },
    }),
  });
}

/** Milliseconds of each frame while the list runs through its whole height. */
function scrollFor(target: Page, ms: number): Promise<readonly number[]> {
  return target.evaluate(`new Promise((resolve) => {
    const grid = document.querySelector(".grid");
    const frames = [];
    const started = performance.now();
    let last = started;
    requestAnimationFrame(function frame(now) {
      frames.push(now - last);
      last = now;
      const share = (now - started) / ${ms};
      if (share >= 1) return resolve(frames.slice(2));
      grid.scrollTop = share * grid.scrollHeight;
      requestAnimationFrame(frame);
    });
  })`);
}
