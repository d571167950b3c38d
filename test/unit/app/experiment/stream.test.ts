import { expect, test, vi } from "vitest";
import { keepStream, type StreamOptions } from "../../../../src/app/experiment/stream.ts";
import { OperationError } from "../../../../src/core/model/errors.ts";
import type { ByteStream } from "../../../../src/app/ports/exec-bytes.ts";
import type { ProbeLine } from "../../../../src/core/model/protocol/probe-lines.ts";

type Life = (stream: ByteStream, say: (text: string) => void) => Promise<number>;

/** A node whose agent lives these lives, one after the other; the last goes on until its input ends. */
function keep(lives: readonly Life[], more: Partial<StreamOptions<"arrivals">> = {}) {
  const stop = new AbortController();
  const [lines, told]: [ProbeLine[], string[]] = [[], []];
  let count = 0;
  const node = {
    name: "internet",
    async execBytes(_argv: readonly string[], stream: ByteStream): Promise<number> {
      const life = lives[Math.min(count, lives.length - 1)];
      count += 1;
      return (await life?.(stream, (text) => stream.onOutput(new TextEncoder().encode(text)))) ?? 0;
    },
  };
  const stream = keepStream({
    node,
    request: { verb: "arrivals" },
    signal: stop.signal,
    again: true,
    onLine: (line) => lines.push(line),
    tell: (sentence) => told.push(sentence),
    ...more,
  });
  return { stream, stop, lines, told, lives: () => count };
}

const BEGAN = `{"event":"began","session":1}\n`;
const CUT = `{"event":"cut","resume":"arrivals"}\n`;
const ARRIVED = `["arrived","2001:db8:a::5",1,0,"5","wg-alpha"]\n`;
const untilStopped = (stream: ByteStream): Promise<number> =>
  new Promise((resolve) => stream.signal.addEventListener("abort", () => resolve(0), { once: true }));

test("lines are whole, however they come, and those after the end of the input count", async () => {
  const kept = keep([
    async (stream, say) => {
      say(BEGAN + ARRIVED.slice(0, 20));
      say(ARRIVED.slice(20));
      await untilStopped(stream);
      say(ARRIVED);
      return 0;
    },
  ]);
  await kept.stream.begun;
  kept.stop.abort();
  await kept.stream.ended;
  expect(kept.lines.map(({ kind }) => kind)).toEqual(["began", "arrival", "arrival"]);
  expect(kept.told).toEqual([]);
});

test("who is cut off says so and begins again", async () => {
  const kept = keep([
    async (_stream, say) => {
      say(BEGAN + CUT);
      return 0;
    },
    async (stream, say) => {
      say(BEGAN);
      return await untilStopped(stream);
    },
  ]);
  await vi.waitFor(() => expect(kept.lines.filter(({ kind }) => kind === "began")).toHaveLength(2));
  kept.stop.abort();
  await kept.stream.ended;
  expect(kept.told[0]).toBe("internet was not read in time, so it was cut off");
});

test("a container that takes no command yet is asked again; an agent that does not know is an error with its words", async () => {
  const kept = keep([
    async () => {
      throw new OperationError("MHLAB_ENGINE", "container is restarting");
    },
    async (_stream, say) => {
      say(`{"error":"unknown request 'arrivals'","code":"unknown-request","exitCode":2}\n`);
      return 2;
    },
  ]);
  await vi.waitFor(() => expect(kept.lives()).toBeGreaterThan(2));
  kept.stop.abort();
  await expect(kept.stream.begun).rejects.toMatchObject({
    code: "MHLAB_PROBE",
    evidence: ["unknown request 'arrivals'"],
  });
});
