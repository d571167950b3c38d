import { onTestFinished, expect, test } from "vitest";
import { Liveness } from "../../../../src/agent/supervise/liveness.ts";
import { fakeTime } from "../../support/fake-time.ts";

/** How long a question takes to be answered; undefined: for ever. `null`: it is rejected at once. */
type Answer = number | null | undefined;

/** A program that answers its questions as told, the last answer for all further ones; `suspect` while something points at a stall. */
function asked(...answers: Answer[]) {
  const { pass } = fakeTime();
  const said: boolean[] = [];
  const signs = { suspect: false };
  let questions = 0;
  const liveness = new Liveness({
    ask: () => {
      const ms = answers[Math.min(questions++, answers.length - 1)];
      if (ms === null) return Promise.reject(new Error("refused"));
      return new Promise((resolve) => void (ms !== undefined && setTimeout(resolve, ms)));
    },
    suspect: () => signs.suspect,
    onChange: (stalled) => said.push(stalled),
  });
  liveness.start();
  onTestFinished(() => liveness.stop());
  return { liveness, said, signs, pass, questions: () => questions };
}

test("one that answers is asked every six seconds while something points at a stall, and else once a minute", async () => {
  const { liveness, said, signs, pass, questions } = asked(10);
  await pass(606_100);
  expect([liveness.stalled, said, questions()]).toEqual([false, [], 11]);
  signs.suspect = true;
  await pass(60_000);
  expect([liveness.stalled, said, questions()]).toEqual([false, [], 21]);
});

test("one that answered once and no more is stalled within ten seconds of the first sign, and within 65 without one", async () => {
  const shown = asked(10, undefined);
  await shown.pass(6100);
  shown.signs.suspect = true;
  expect(shown.liveness.stalled).toBe(false);
  await shown.pass(9600);
  expect([shown.liveness.stalled, shown.said]).toEqual([true, [true]]);
  shown.liveness.stop();
  const hidden = asked(10, undefined);
  await hidden.pass(6100 + 65_000);
  expect([hidden.liveness.stalled, hidden.said]).toEqual([true, [true]]);
});

test.each<[string, Answer[]]>([
  ["never answers", [undefined]],
  ["always refuses", [null]],
])("one that %s is starting, not stalled", async (_, answers) => {
  const { liveness, said, pass } = asked(...answers);
  await pass(130_000);
  expect([liveness.stalled, said]).toEqual([false, []]);
});

test("one that answers later than after 1.5 s is stalled, also when its late answers come", async () => {
  const { liveness, said, pass } = asked(10, 2500);
  await pass(130_000);
  expect([liveness.stalled, said]).toEqual([true, [true]]);
});

test("a single missing answer is no stall, and the next answer ends one", async () => {
  const once = asked(10, undefined, 10);
  await once.pass(130_000);
  expect(once.said).toEqual([]);
  once.liveness.stop();
  const twice = asked(10, null, null, 10);
  await twice.pass(130_000);
  expect([twice.liveness.stalled, twice.said]).toEqual([false, [true, false]]);
});

test("the end of a program ends its stall, and an answer to a question before its start counts for nothing", async () => {
  const stalled = asked(10, undefined);
  await stalled.pass(20_000);
  stalled.liveness.stop();
  expect(stalled.liveness.stalled).toBe(false);
  const { liveness, said, pass } = asked(1400, undefined);
  await pass(6500);
  liveness.start();
  await pass(130_000);
  expect([liveness.stalled, said]).toEqual([false, []]);
});
