/** `npm run soak -- [scenario] [--seed N] [--rounds N]`: the long runs, all of them or one. */
import { parseArgs } from "node:util";
import type { Scenario } from "./scenario.ts";
import { scenarios } from "./scenarios.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: "string" }, rounds: { type: "string" }, help: { type: "boolean", short: "h" } },
});
const chosen = positionals.length === 0 ? scenarios : scenarios.filter(({ name }) => positionals.includes(name));
const isKnown = positionals.every((name) => scenarios.some((scenario) => scenario.name === name));

if (values.help || !isKnown) {
  console.log("Usage: npm run soak -- [scenario] [--seed N] [--rounds N]\n\nWithout a scenario all are run:\n");
  for (const { name, about, rounds } of scenarios) console.log(`  ${name} (${rounds} rounds): ${about}`);
  process.exit(isKnown ? 0 : 2);
}

const seed = wholeNumber("--seed", values.seed) ?? Math.floor(Math.random() * 1e9);
const rounds = wholeNumber("--rounds", values.rounds);
for (const scenario of chosen) if (!(await soak(scenario))) process.exitCode = 1;

async function soak(scenario: Scenario): Promise<boolean> {
  const options = { seed, rounds: rounds ?? scenario.rounds };
  const again = `npm run soak -- ${scenario.name} --seed ${seed} --rounds ${options.rounds}`;
  console.log(`${scenario.name}: ${scenario.about}\n  ${again}`);
  const startedAt = Date.now();
  try {
    const figures = await scenario.run({ ...options, onProgress: (line) => console.log(`  ${line}`) });
    for (const [name, value] of Object.entries(figures)) console.log(`  ${name}: ${value}`);
    console.log(`  held, in ${Math.round((Date.now() - startedAt) / 1000)} s\n`);
    return true;
  } catch (thrown) {
    console.error(thrown);
    console.error(`  DID NOT HOLD; again: ${again}\n`);
    return false;
  }
}

function wholeNumber(option: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (!/^\d{1,9}$/.test(given)) throw new Error(`${option} must be a whole number, not ${given}.`);
  return Number(given);
}
