/** All files of a worker share its modules, which spares most of a run; one that replaces some (`vi.mock`) gets its own, and leaves none. */
import { readFileSync } from "node:fs";
import { afterAll, expect, vi } from "vitest";

if (readFileSync(expect.getState().testPath ?? "", "utf8").includes("\nvi.mock(")) {
  vi.resetModules();
  afterAll(() => void vi.resetModules());
}
