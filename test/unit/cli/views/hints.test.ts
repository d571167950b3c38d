/** Commands of mhlab in what a view shows lead to the engine that the user named. */
import { describe, expect, test } from "vitest";
import { asCalled, selfOf } from "../../../../src/cli/self.ts";
import type { Progress } from "../../../../src/core/render/plan/progress.ts";
import { renderFindings } from "../../../../src/cli/views/doctor.ts";
import { openFrames } from "../../../../src/cli/views/frames.ts";
import { renderKeys } from "../../../../src/cli/views/keys.ts";
import { renderBriefly } from "../../../../src/cli/views/labs.ts";
import { openProgress } from "../../../../src/cli/views/progress.ts";
import { renderStatus } from "../../../../src/cli/views/status.ts";
import type { LabStatus } from "../../../../src/core/model/status/model.ts";
import { NODES } from "../../../../src/core/render/nodes/registry.ts";

describe.each([
  ["--sandbox", { sandbox: true }],
  ["--host tcp://192.0.2.1:2375", { host: "tcp://192.0.2.1:2375" }],
  ["--context desk", { context: "desk" }],
])("with %s", (words, options) => {
  const self = selfOf(options, {});
  const view = { colour: false, columns: 400, asCalled: (text: string) => asCalled(text, self) };
  const stopped = NODES.bng.silent({
    name: "alpha",
    state: "stopped",
    problem: { code: "stopped", message: "its container is exited; `mhlab up` starts it" },
  });
  const override = { ...stopped.override, settings: { RA_PREFERENCE: "low" } };
  const status = {
    lab: "demo",
    healthy: false,
    providers: [{ ...stopped, override }],
    cpes: [],
    hosts: [],
  } as unknown as LabStatus;

  test("the status of a lab, and of several", () => {
    const text = renderStatus(status, view);
    expect(text).toContain(`\`mhlab ${words} up\` starts it`);
    expect(text).toContain(`\`mhlab ${words} up --reset\` empties it`);
    expect(renderBriefly([status], view)).toContain(`\`mhlab ${words} up\` starts it`);
  });

  test("keys, findings of doctor, a window that is too low", () => {
    expect(renderKeys([], view)).toBe(`no keys yet; \`mhlab ${words} up\` makes them\n`);
    const finding = {
      level: "warn",
      id: "x",
      message: "see mhlab doctor",
      mend: "mhlab image prune",
    } as const;
    expect(renderFindings([finding], view)).toContain(
      `see mhlab ${words} doctor\n    mhlab ${words} image prune`,
    );
    let drawn = "";
    openFrames({ write: (text) => (drawn += text), rows: 4, ...view })("1\n2\n3\n4\n5");
    expect(drawn).toContain(`\`mhlab ${words} status\` prints them`);
  });

  test("warnings while something happens, live and as lines", () => {
    const progress: Progress = {
      kind: "warning",
      warning: { code: "override-kept", message: "alpha keeps it", mend: "`mhlab up --reset` empties it" },
    };
    for (const live of [true, false]) {
      let told = "";
      const screen = { write: (text: string) => void (told += text), rows: 24, ...view };
      const shown = openProgress({ screen, live, colour: false });
      shown.show(progress);
      shown.close();
      expect(told).toContain(`\`mhlab ${words} up --reset\` empties it`);
    }
  });
});
