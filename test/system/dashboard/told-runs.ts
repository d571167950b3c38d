/** Folders of experiments: one that runs, those that are over, a killed one, a series, and hostile texts. */
import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { FORMATS } from "../../../src/features/report/files.ts";
import { reportPage } from "../../../src/features/report/page.ts";
import type { RunRecord } from "../../../src/core/judge/scenario/record.ts";
import type { ProgressNote, ShownStep } from "../../../src/core/judge/experiment/shown.ts";
import { formatUtc } from "../../../src/core/model/utc.ts";
import { runRecord } from "../../unit/support/run-record.ts";

const WRITTEN = new Set(["run.json", "report.html", "result.json"]);
/** So long ago that nobody takes it for one that goes on. */
const LONG_AGO_S = 3600;

export class RunsFolder {
  readonly path = mkdtempSync(join(tmpdir(), "mhlab-runs-"));

  write(name: string, content: string): string {
    const file = join(this.path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  finished(id: string, more: Partial<RunRecord> = {}): void {
    const record = { ...runRecord({ everyMs: 1000 }), ...more };
    for (const { path, write } of FORMATS)
      if (WRITTEN.has(path)) this.write(`${id}/${path}`, String(write(record, [])));
    this.write(`${id}/SHA256SUMS`, "");
  }

  series(id: string, names: readonly string[], more: Partial<RunRecord>): void {
    for (const name of names) this.finished(`${id}/${name}`, { ...more, variables: { mode: `m${name}` } });
    this.write(`${id}/index.json`, "{}");
    this.write(`${id}/report.html`, reportPage([runRecord({ everyMs: 1000 }), runRecord({ seed: 8 })]));
  }

  running(id: string, told: ProgressNote): void {
    this.write(`${id}/progress.json`, JSON.stringify(told));
  }

  killed(id: string, told: ProgressNote): void {
    const file = this.write(`${id}/progress.json`, JSON.stringify(told));
    const thenS = Date.now() / 1000 - LONG_AGO_S;
    utimesSync(file, thenS, thenS);
  }
}

const step = (id: string, text: string, more: Partial<ShownStep> = {}): ShownStep => ({
  id,
  text,
  action: "run",
  plannedS: null,
  startedS: null,
  endedS: null,
  state: "planned",
  detail: null,
  exitCode: null,
  faultId: null,
  node: null,
  ...more,
});

/** A run in its middle. */
export function note(lab: string, more: Partial<ProgressNote> = {}): ProgressNote {
  return {
    format: 1,
    scenario: "dead-uplink",
    title: "One of two uplinks dies in silence for four seconds",
    lab,
    variables: { mode: "flash" },
    startedAt: formatUtc(Date.now() / 1000 - 12, 6),
    nowS: 12.3,
    endsS: 30,
    steps: [
      step("alpha-dies", "mhlab fault inject upstream-blackhole alpha --for 10s", {
        action: "fault",
        plannedS: 3,
        startedS: 3.004,
        endedS: 3.4,
        state: "done",
      }),
      step("steps[1]", "mhlab exec home-host1 -- iperf3 -c 2001:db8::1 --json", {
        plannedS: 5,
        startedS: 5.01,
        endedS: 7.2,
        state: "failed",
        detail: "it ended with 1: unable to connect to server",
        exitCode: 1,
      }),
      step("steps[2]", "wait until home-host1 reaches 2001:db8::1", {
        action: "wait",
        startedS: 7.2,
        state: "running",
      }),
      step("steps[3]", "mhlab renumber beta 2001:db8:bb::/48 --flash", { plannedS: 20 }),
      step("steps[4]", "mark: over"),
    ],
    bands: [
      {
        id: "alpha-1",
        kind: "fault",
        label: "upstream-blackhole both",
        node: "alpha",
        fromS: 3.2,
        toS: null,
      },
    ],
    ...more,
  };
}
