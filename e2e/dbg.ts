import { createRandom } from "../simulator/random.ts";
import { openStage } from "./soak/creation/stage.ts";
const random = createRandom(1, "creation");
const stage = await openStage(1);
await stage.start();
console.log("started", stage.url);
const rs = [];
for (let i = 0; i < 3; i++) rs.push(await stage.draw(random));
for (const r of rs) await stage.ask(r);
setInterval(async () => {
  for (const r of rs) { const t = await stage.task(r).catch((e) => String(e)); console.log(r.input.name, typeof t === "string" ? t : `${t?.state} ${t?.result} ${t?.steps.find((s) => s.state === "RUNNING")?.name}`); }
}, 3000);
setTimeout(async () => { await stage.kill(); process.exit(0); }, 25000);
