import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { EngineReader } from "../../../src/app/ports/engine-reader.ts";
import { answersTold, askMembers } from "../../../src/app/status.ts";
import { MEMBERS } from "../../../src/core/members/registry.ts";
import { Engines, membersOf } from "../../../src/app/agents/engines.ts";
import type { Engine } from "../../../src/app/ports/engine.ts";
import type { FoundContainer } from "../../../src/core/plan/observed.ts";
import type { MemberStatus } from "../../../src/core/status/model.ts";
import { Label } from "../../../src/core/names.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const NAMES = ["internet", "other"];
const status = (name: string): MemberStatus =>
  MEMBERS.internet.silent({ name, state: "running", problem: { code: "x", message: "x" } });
const containers: FoundContainer[] = NAMES.map((name) => ({
  id: name,
  containerName: `mhlab-lab-${name}`,
  state: "running",
  labels: { [Label.lab]: "lab", [Label.role]: "internet", [Label.name]: name },
})) as unknown as FoundContainer[];

/** An engine whose execs of the question of all tell `lines` and then hang, as on a machine that is too slow. */
function slowEngine(lines: readonly string[], found = containers) {
  const askedAlone: string[] = [];
  const reader: Partial<EngineReader> = {
    listContainers: async () => found,
    execLines: async (_container, _argv, stream) => {
      for (const line of lines) stream.onLine(line);
      return await new Promise((_, reject) =>
        stream.signal.addEventListener("abort", () => reject(stream.signal.reason as Error), { once: true }),
      );
    },
    exec: async (container, _argv, signal) => {
      askedAlone.push(container);
      return await new Promise((_, reject) =>
        signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true }),
      );
    },
  };
  const engines = new Engines([{ reader } as Engine]);
  return { members: async () => membersOf(await engines.look(), "lab"), askedAlone };
}

const silence = (member: string): string =>
  JSON.stringify({ member, failure: "no answer in 2 s", code: "no-answer" });

test("what members told last is their answers where each that runs is followed", async () => {
  const { members } = slowEngine([]);
  const all = await members();
  const answers = NAMES.map((name) => ({ kind: "answer", value: status(name) }));
  expect(answersTold(all, status)?.map(({ reply }) => reply)).toEqual(answers);
  const onlyOne = (name: string): MemberStatus | undefined => (name === "other" ? status(name) : undefined);
  expect(answersTold(all, onlyOne)).toBeUndefined();
  const oneRuns = containers.map((one) => (one.id === "other" ? one : { ...one, state: "exited" as const }));
  const one = await slowEngine([], oneRuns).members();
  expect(answersTold(one, onlyOne)?.map(({ reply }) => reply)).toEqual([undefined, answers[1]]);
});

test.each([
  ["that nobody told of", []],
  ["that another one found silent", NAMES.map(silence)],
])(
  "a member %s counts as it told itself last where it is followed, and is not asked alone",
  async (_, lines) => {
    const { members, askedAlone } = slowEngine(lines);
    const answers = askMembers({ members: await members(), followed: status });
    await vi.advanceTimersByTimeAsync(10_000);
    expect((await answers).map(({ reply }) => reply)).toEqual(
      NAMES.map((name) => ({ kind: "answer", value: status(name) })),
    );
    expect(askedAlone).toEqual([]);
  },
);

test("a silent member that nobody follows is silent", async () => {
  const { members, askedAlone } = slowEngine([]);
  const answers = askMembers({ members: await members(), followed: () => undefined });
  await vi.advanceTimersByTimeAsync(10_000);
  expect((await answers).map(({ reply }) => reply?.kind)).toEqual(["silent", "silent"]);
  expect(askedAlone).toEqual(containers.map(({ containerName }) => containerName));
});
