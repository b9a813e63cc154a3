import { defineConfig } from "vitest/config";
import { ciSummary } from "./scripts/ci-summary.ts";

/** What `npm run test:mongo` runs: a test file with "mongo" in its name or its folder's. */
const mongoTests = ["{server,e2e,scripts}/**/*mongo*.test.ts", "{server,e2e}/**/*mongo*/**/*.test.ts"];

/**
 * Tests run through Node's own type stripping, as the server does in production.
 * The small ones come first: what is broken at the bottom is told before a simulated fleet is started.
 */
export default defineConfig({
  test: {
    reporters: ["default", ciSummary],
    experimental: { viteModuleRunner: false },
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "parts",
          include: ["{server,simulator,client,scripts}/**/*.test.ts"],
          exclude: mongoTests,
          testTimeout: 30_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "mongo",
          globalSetup: "e2e/harness/mongo/vitest-setup.ts",
          include: mongoTests,
          testTimeout: 240_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          globalSetup: "e2e/harness/mongo/vitest-setup.ts",
          include: ["e2e/**/*.test.ts"],
          exclude: mongoTests,
          testTimeout: 240_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
