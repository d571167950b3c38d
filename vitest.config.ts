import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** So many system test files at once, each on a sandbox of its own: they mostly wait. */
const sandboxes = Number(process.env["MHLAB_TEST_SANDBOXES"] ?? 1);

/** Seconds that each system test file took (MHLAB_TEST_DURATIONS=1 npm test): begun last, a long one keeps the other sandboxes without work. */
const durations = JSON.parse(readFileSync(new URL("test/durations.json", import.meta.url), "utf8")) as Record<
  string,
  number
>;
const UNKNOWN_S = 60;

function secondsOf({ moduleId }: TestSpecification): number {
  const name = /\/test\/system\/(.+)\.test\.ts$/.exec(moduleId)?.[1];
  return name === undefined ? 0 : (durations[name] ?? UNKNOWN_S);
}

/** What takes longest begins first; the others go as vitest sorts them. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => secondsOf(other) - secondsOf(one));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          globalSetup: ["test/unit/support/temporary-folder.ts"],
          // A worker for each of 240 files is two thirds of the suite's CPU time.
          isolate: false,
          setupFiles: ["test/unit/support/own-modules.ts"],
          // Properties take seconds where other work shares the processor.
          testTimeout: 60_000,
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
