/** All long runs. A new one is a module with a `Scenario`, and a line here. */
import type { Scenario } from "./scenario.ts";

export const scenarios: readonly Scenario[] = [];
