/** hostd's restart: no login for a while, then it lists nothing, then every second VM, then all. */
import { setTimeout as sleep } from "node:timers/promises";
import type { HostdRestart } from "./control.ts";
import type { World } from "./world.ts";

export async function restartHostd(world: World, options: HostdRestart = {}): Promise<void> {
  const { downMs = 0, emptyMs = 2000, halfMs = 2000 } = options;
  for (const [state, ms] of [
    ["down", downMs],
    ["empty", emptyMs],
    ["half", halfMs],
  ] as const) {
    if (ms <= 0) continue;
    world.hostd = state;
    await sleep(ms, undefined, { ref: false });
  }
  world.hostd = "up";
}
