import { defineConfig } from "vitest/config";

/** Tests run through Node's own type stripping, as the server does in production. */
export default defineConfig({
  test: {
    include: ["{server,simulator,e2e,scripts}/**/*.test.ts"],
    experimental: { viteModuleRunner: false },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
