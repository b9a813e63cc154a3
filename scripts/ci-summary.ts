import { writeFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule } from "vitest/node";

/**
 * Ends a run with what was skipped, by name and reason, and one plain line: `N passed, N failed`.
 * What fails outside of a test (a file that does not load, an unhandled error) counts as failed.
 * The line is also written to the file that TEST_SUMMARY names, if it is set.
 */
export const ciSummary: Reporter = {
  onTestRunEnd(modules, unhandledErrors) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const broken = modules.filter(failsByItself).length + unhandledErrors.length;
    const skipped = tests.filter((test) => test.result().state === "skipped").map(describeSkipped);
    const line = `${count("passed")} passed, ${count("failed") + broken} failed`;
    const list = skipped.length === 0 ? "" : `${skipped.length} skipped:\n${skipped.join("\n")}\n\n`;
    process.stdout.write(`\n${list}${line}\n`);
    const file = process.env["TEST_SUMMARY"];
    if (file !== undefined) writeFileSync(file, `${line}\n`);
  },
};

function failsByItself(module: TestModule): boolean {
  const suites = [module, ...module.children.allSuites()];
  return suites.some((suite) => suite.errors().length > 0);
}

function describeSkipped(test: TestCase): string {
  const result = test.result();
  const reason = result.state === "skipped" && result.note !== undefined ? ` (${result.note})` : "";
  return `  - ${test.module.relativeModuleId} > ${test.fullName}${reason}`;
}
