import { defineConfig } from "vitest/config";

/** So many system test files at once, each on a sandbox of its own: they mostly wait. */
const sandboxes = Number(process.env["MHLAB_TEST_SANDBOXES"] ?? 1);

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          globalSetup: ["test/unit/support/temporary-folder.ts"],
          // Properties take seconds where other work shares the processor.
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "system",
          include: ["test/system/**/*.test.ts"],
          globalSetup: ["test/system/support/global-setup.ts"],
          fileParallelism: sandboxes > 1,
          maxWorkers: sandboxes,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
