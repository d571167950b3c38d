import { expect, test } from "vitest";
import { ProbeJoin, type Arrival, type SentProbe } from "../../../../../src/core/judge/experiment/join.ts";

const SOURCE = "2001:db8:a::5";
const sent = (seq: number, more: Partial<SentProbe> = {}): SentProbe => ({
  source: SOURCE,
  target: "2001:db8::1",
  session: 1,
  seq,
  sentNs: BigInt(seq) * 100_000_000n,
  receivedNs: null,
  outcome: "no-answer",
  reason: null,
  arrivedBy: null,
  arrivedNs: null,
  ...more,
});
const arrival = (seq: number, more: Partial<Arrival> = {}): Arrival => ({
  source: SOURCE,
  session: 1,
  seq,
  arrivedNs: BigInt(seq) * 100_000_000n + 1n,
  arrivedBy: "alpha",
  ...more,
});

test("an arrival counts where the answer was lost, whichever is told first", () => {
  const join = new ProbeJoin();
  join.arrived(arrival(0));
  expect(join.sent("host", sent(0))).toMatchObject({ arrivedBy: "alpha", arrivedNs: 1n });
  join.sent("host", sent(1));
  join.arrived(arrival(1));
  join.sent("host", sent(2));
  expect(join.samples().map(({ seq, arrivedBy }) => [seq, arrivedBy])).toEqual([
    [0, "alpha"],
    [1, "alpha"],
    [2, null],
  ]);
});

test("of a probe that came in twice the first counts", () => {
  const join = new ProbeJoin();
  join.arrived(arrival(0));
  join.arrived(arrival(0, { arrivedBy: "beta", arrivedNs: 9n }));
  join.sent("host", sent(0));
  join.arrived(arrival(0, { arrivedBy: "beta", arrivedNs: 10n }));
  expect(join.samples()).toMatchObject([{ arrivedBy: "alpha", arrivedNs: 1n }]);
});

test("what the reflection said stays", () => {
  const join = new ProbeJoin();
  join.arrived(arrival(0, { arrivedNs: 7n }));
  const told = { outcome: "answered", receivedNs: 9n, arrivedNs: 5n, arrivedBy: "alpha" } as const;
  expect(join.sent("host", sent(0, told))).toMatchObject({ arrivedNs: 5n, receivedNs: 9n });
});

test("the same number of another source or another life is another probe", () => {
  const join = new ProbeJoin();
  join.arrived(arrival(0, { source: "2001:db8:b::5" }));
  join.arrived(arrival(0, { session: 2 }));
  expect(join.sent("host", sent(0)).arrivedBy).toBeNull();
});

test("numbers of a pair go on when its program starts again", () => {
  const join = new ProbeJoin();
  for (const seq of [0, 2, 1]) join.sent("host", sent(seq));
  join.sent("host", sent(0, { target: "2001:db8::2" }));
  const again = [1, 0].map((seq) => join.sent("host", sent(seq, { session: 2, sentNs: 10n ** 12n })).seq);
  expect(again).toEqual([4, 3]);
  expect(join.sent("host", sent(0, { session: 2, target: "2001:db8::2" })).seq).toBe(1);
});

test("samples are in the order in which they were sent", () => {
  const join = new ProbeJoin();
  for (const seq of [3, 1, 2]) join.sent("host", sent(seq));
  expect(join.samples().map(({ seq }) => seq)).toEqual([1, 2, 3]);
});
