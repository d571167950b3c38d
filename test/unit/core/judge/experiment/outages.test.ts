import { describe, expect, test } from "vitest";
import { outagesOf } from "../../../../../src/core/judge/experiment/outages.ts";
import { A, B, probes, TARGET } from "./record.ts";

describe("an outage", () => {
  test("is from the first unanswered probe to the next answered one", () => {
    expect(outagesOf(probes(A, [0, 10], { lost: [[2, 3.5]] }))).toEqual([
      { node: "home-host1", source: A, target: TARGET, fromS: 2, toS: 3.5, lost: 15 },
    ]);
  });

  test("is one for each source, and told in the order of their beginning", () => {
    const found = outagesOf([
      ...probes(A, [0, 10], { lost: [[5, 6]] }),
      ...probes(B, [0, 10], {
        lost: [
          [1, 2],
          [7, 8],
        ],
      }),
    ]);
    expect(found.map(({ source, fromS, toS }) => [source, fromS, toS])).toEqual([
      [B, 1, 2],
      [A, 5, 6],
      [B, 7, 8],
    ]);
  });

  test("does not depend on the order of the samples", () => {
    const samples = probes(A, [0, 10], { lost: [[2, 3.5]] });
    expect(outagesOf(samples.toReversed())).toEqual(outagesOf(samples));
  });

  test("has no end when it lasts to the end", () => {
    expect(outagesOf(probes(A, [0, 10], { lost: [[9, 10]] }))).toMatchObject([
      { fromS: 9, toS: null, lost: 10 },
    ]);
  });

  test("is one too when probes could not be sent", () => {
    expect(outagesOf(probes(A, [0, 5], { lost: [[2, 3]], outcome: "not-sent" }))).toMatchObject([
      { fromS: 2, toS: 3 },
    ]);
  });

  test("ends with the last probe of a source that went", () => {
    const found = outagesOf([...probes(A, [0, 5], { lost: [[4, 5]] }), ...probes(B, [0, 10])]);
    expect(found).toMatchObject([{ source: A, fromS: 4, toS: expect.closeTo(4.9, 6) as number, lost: 10 }]);
  });

  test("is none when a source goes that was answered", () => {
    expect(outagesOf([...probes(A, [0, 5]), ...probes(B, [0, 10])])).toEqual([]);
  });

  test("is none of none", () => {
    expect(outagesOf([])).toEqual([]);
  });
});
