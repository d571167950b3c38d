import { describe, expect, test } from "vitest";
import { forEachParallel } from "../../../../src/agent/internet/parallel.ts";

describe("work in parallel", () => {
  test("is never wider than asked", async () => {
    let running = 0;
    let widest = 0;
    await forEachParallel([1, 2, 3, 4, 5, 6], 3, async () => {
      running += 1;
      widest = Math.max(widest, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    });
    expect(widest).toBe(3);
  });

  test("does all of it before it fails", async () => {
    const done: number[] = [];
    const work = forEachParallel([1, 2, 3], 2, async (item) => {
      if (item === 1) throw new Error("first");
      done.push(item);
    });
    await expect(work).rejects.toThrow("first");
    expect(done).toEqual([2, 3]);
  });
});
