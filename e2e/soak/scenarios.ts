/** All long runs. A new one is a module with a `Scenario`, and a line here. */
import { resume } from "./resume.ts";
import type { Scenario } from "./scenario.ts";

export const scenarios: readonly Scenario[] = [resume];
