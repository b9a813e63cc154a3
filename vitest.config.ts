import { defineConfig } from "vitest/config";
import { ciSummary } from "./scripts/ci-summary.ts";

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
          testTimeout: 30_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["e2e/**/*.test.ts"],
          testTimeout: 240_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
