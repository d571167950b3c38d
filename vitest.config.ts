import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** So many system test files at once, each on a sandbox of its own: they mostly wait. */
const sandboxes = Number(process.env["MHLAB_TEST_SANDBOXES"] ?? 1);

/** Those that wait for minutes, the longest first: begun last, one of them keeps two sandboxes without work. */
const LONG = [
  "docs",
  "cpe/software",
  "clients/renumbering",
  "lab/renumbering",
  "faults/line",
  "scenarios/quick",
  "bng/renumbering",
  "docker-contexts",
  "faults/life",
  "faults/kinds",
  "lab/services",
];

function rankOf({ moduleId }: TestSpecification): number {
  const found = LONG.findIndex((name) => moduleId.endsWith(`/test/system/${name}.test.ts`));
  return found < 0 ? LONG.length : found;
}

/** What takes longest begins first; the others go as vitest sorts them. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => rankOf(one) - rankOf(other));
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
