/** Which runs a page is told of, and that nothing is read twice. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runShelf } from "../../../../src/adapters/files/run-shelf.ts";
import { runRoutes } from "../../../../src/app/dashboard/run-routes.ts";
import { RunBoard } from "../../../../src/app/dashboard/runs.ts";
import type { RunShelf, ShelvedFiles } from "../../../../src/app/ports/run-shelf.ts";
import { writeRunJson } from "../../../../src/core/judge/evidence/run-json.ts";
import type { ProgressNote } from "../../../../src/core/judge/experiment/shown.ts";
import { runRecord } from "../../support/run-record.ts";

const LAB = "one";
const NOTE: ProgressNote = {
  format: 1,
  scenario: "s",
  title: null,
  lab: LAB,
  variables: {},
  startedAt: "2026-11-28T12:00:00Z",
  nowS: 3,
  endsS: 9,
  steps: [],
  bands: [],
};
const record = (startedAt: string, lab = LAB): string =>
  writeRunJson({ ...runRecord({ everyMs: 1000 }), lab, startedAt });
const over = (startedAt: string, lab = LAB): ShelvedFiles => ({
  sealed: true,
  report: true,
  progressMs: undefined,
  progress: undefined,
  record: record(startedAt, lab),
});
const going = (progressMs: number): ShelvedFiles => ({
  sealed: false,
  report: false,
  progressMs,
  progress: JSON.stringify(NOTE),
  record: undefined,
});

/** A shelf of what the test puts there. */
function shelf() {
  const files = new Map<string, ShelvedFiles>();
  const stamps = new Map<string, string>();
  const looked: string[] = [];
  let settled = true;
  const series: { id: string; stamp: string; settled: boolean }[] = [];
  const one: RunShelf = {
    path: "runs",
    list: async () => ({
      runs: [...stamps].map(([id, stamp]) => ({ id, stamp, settled })),
      series,
    }),
    async look(id) {
      looked.push(id);
      const found = files.get(id);
      if (found === undefined) throw new Error("nobody listed it");
      return found;
    },
    report: async () => Buffer.from("report"),
  };
  return {
    one,
    looked,
    series,
    put: (id: string, stamp: string, content: ShelvedFiles) => {
      files.set(id, content);
      stamps.set(id, stamp);
    },
    setSettled: (now: boolean) => (settled = now),
  };
}

test("the runs of the lab are listed, the newest first, with their counts", async () => {
  const { one, put, series } = shelf();
  put("old", "1", over("2026-11-01T00:00:00Z"));
  put("twenty/1", "1", over("2026-11-03T00:00:00Z"));
  put("other", "1", over("2026-11-02T00:00:00Z", "another"));
  put("nothing", "1", { ...over(""), record: "no JSON" });
  series.push({ id: "twenty", stamp: "1", settled: true }, { id: "others", stamp: "1", settled: true });
  const told = await new RunBoard({ shelf: one, lab: LAB, now: () => 0 }).list();
  expect(told.runs.map(({ id, state }) => [id, state])).toEqual([
    ["twenty/1", "finished"],
    ["old", "finished"],
  ]);
  expect(told.runs[0]?.counts).toEqual({ passed: 4, failed: 1, "expected-failure": 1 });
  expect(told.runs[0]).not.toHaveProperty("steps");
  expect([told.series, told.more, told.folder]).toEqual([[{ id: "twenty", runs: 1 }], 0, "runs"]);
});

test("a run is read again only when its folder changed, or when that cannot be told yet", async () => {
  const { one, put, looked, setSettled } = shelf();
  put("a", "1", over("2026-11-01T00:00:00Z"));
  put("b", "1", over("2026-11-01T00:00:00Z"));
  const board = new RunBoard({ shelf: one, lab: LAB, now: () => 0 });
  await Promise.all([board.list(), board.list()]);
  await board.list();
  expect(looked).toEqual(["a", "b"]);
  put("b", "2", over("2026-11-01T00:00:00Z"));
  await board.list();
  expect(looked).toEqual(["a", "b", "b"]);
  setSettled(false);
  await board.list();
  expect(looked).toEqual(["a", "b", "b", "a", "b"]);
});

test("a run that falls silent without an end is partial, though its folder stays as it was", async () => {
  let nowMs = 100_000;
  const { one, put } = shelf();
  put("a", "1", going(nowMs));
  const board = new RunBoard({ shelf: one, lab: LAB, now: () => nowMs });
  const first = await board.run("a");
  expect(first).toMatchObject({ state: "running", durationS: 3, endsS: 9 });
  nowMs += 60_000;
  const second = await board.run("a");
  expect(second.state).toBe("partial");
  expect(second.version).not.toBe(first.version);
});

const ask = async (board: RunBoard, path: string, id: string): Promise<unknown> => {
  const route = runRoutes(board).find((one) => one.path === path);
  if (route === undefined) throw new Error("no such route");
  const { signal } = new AbortController();
  return await route.answer({
    path: { id },
    query: new URLSearchParams(),
    body: undefined,
    lastEventId: undefined,
    signal,
  });
};

test("a report is a document that may do nothing beside itself", async () => {
  const { one, put } = shelf();
  put("a", "1", over("2026-11-01T00:00:00Z"));
  const answer = await ask(
    new RunBoard({ shelf: one, lab: LAB, now: () => 0 }),
    "/api/runs/{id}/report",
    "a",
  );
  expect(answer).toMatchObject({ kind: "bytes", type: "text/html; charset=utf-8" });
  const { policy } = answer as { policy: string };
  expect(policy).toMatch(/^sandbox allow-scripts; default-src 'none'; .*script-src 'sha256-[^;]+'; /);
  expect(policy).not.toMatch(/allow-same-origin|connect-src|script-src[^;]*unsafe/);
});

test("the folder is not even asked for what was not listed", async () => {
  const { one, put } = shelf();
  put("a", "1", over("2026-11-01T00:00:00Z"));
  const board = new RunBoard({ shelf: one, lab: LAB, now: () => 0 });
  expect(String(await board.report("a"))).toBe("report");
  await expect(board.report("../a")).rejects.toThrow("there is no run '../a'");
});

test.each(["../beside", "..", "first/../../beside", "/etc", "nobody", "", "first/report.html"])(
  "of what was not listed nothing is told: %j",
  async (id) => {
    const root = mkdtempSync(join(tmpdir(), "mhlab-board-"));
    const folder = join(root, "runs");
    for (const path of [join(folder, "first"), join(root, "beside")]) {
      await mkdir(path, { recursive: true });
      writeFileSync(join(path, "run.json"), record("2026-11-01T00:00:00Z"));
      writeFileSync(join(path, "report.html"), "report");
      writeFileSync(join(path, "SHA256SUMS"), "");
    }
    const board = new RunBoard({ shelf: runShelf(folder), lab: LAB, now: () => Date.now() });
    expect((await board.list()).runs).toHaveLength(1);
    for (const path of ["/api/runs/{id}", "/api/runs/{id}/report"])
      await expect(ask(board, path, id)).rejects.toMatchObject({ code: "MHLAB_USAGE" });
  },
);
