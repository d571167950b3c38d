import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { EngineReader } from "../../../src/app/ports/engine-reader.ts";
import { askMembers } from "../../../src/app/status.ts";
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
function slowEngine(lines: readonly string[]) {
  const askedAlone: string[] = [];
  const askedForAll: string[] = [];
  const reader: Partial<EngineReader> = {
    listContainers: async () => containers,
    execLines: async (container, _argv, stream) => {
      askedForAll.push(container);
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
  return { members: async () => membersOf(await engines.look(), "lab"), askedAlone, askedForAll };
}

const silence = (member: string): string =>
  JSON.stringify({ member, failure: "no answer in 2 s", code: "no-answer" });

test("where all are followed nobody is asked: they count as they told last", async () => {
  const { members, askedAlone, askedForAll } = slowEngine([]);
  const answers = await askMembers({ members: await members(), followed: status });
  expect(answers.map(({ reply }) => reply)).toEqual(
    NAMES.map((name) => ({ kind: "answer", value: status(name) })),
  );
  expect([askedForAll, askedAlone]).toEqual([[], []]);
});

test.each([
  ["that nobody told of", []],
  ["that another one found silent", NAMES.map(silence)],
])(
  "a member %s counts as it told itself last where it is followed, and is not asked alone",
  async (_, lines) => {
    const { members, askedAlone, askedForAll } = slowEngine(lines);
    const followed = (name: string): MemberStatus | undefined =>
      name === "other" ? status(name) : undefined;
    const answers = askMembers({ members: await members(), followed });
    await vi.advanceTimersByTimeAsync(10_000);
    expect((await answers).map(({ reply }) => reply)).toEqual([
      expect.objectContaining({ kind: expect.stringMatching(/^silent|failure$/) as string }),
      { kind: "answer", value: status("other") },
    ]);
    expect(askedForAll).not.toEqual([]);
    expect(askedAlone).not.toContain("mhlab-lab-other");
  },
);

test("a silent member that nobody follows is silent", async () => {
  const { members, askedAlone } = slowEngine([]);
  const answers = askMembers({ members: await members(), followed: () => undefined });
  await vi.advanceTimersByTimeAsync(10_000);
  expect((await answers).map(({ reply }) => reply?.kind)).toEqual(["silent", "silent"]);
  expect(askedAlone).toEqual(containers.map(({ containerName }) => containerName));
});
