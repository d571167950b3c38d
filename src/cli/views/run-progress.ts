import { formatElapsed, formatMs } from "../../core/model/duration.ts";
import type { RunProgress } from "../../core/judge/scenario/progress.ts";
import { LiveLines, type Screen } from "./live-lines.ts";
import { openProgress, type ProgressOptions, type ProgressView } from "./progress.ts";
import { RunState, type Moment, type SourceState } from "./run-state.ts";
import { shownAll, theme, type Theme } from "./theme.ts";
import { padTo, widest } from "./width.ts";

/** Shows a run while it goes on. */
export interface RunView {
  show(progress: RunProgress): void;
  /** Leaves what was last on the screen. */
  close(): void;
}

const FRAME_MS = 200;
const BAR = 24;
const NEXT = 3;
/** A source that nothing was told of for so long is not there any more: what was not answered is told within two seconds. */
const STALE_S = 6;

/** The lab as it comes up, then the timeline: in place on a terminal, a line per event elsewhere. */
export function openRunView(options: ProgressOptions): RunView {
  const { screen } = options;
  const look = theme(options.colour);
  let lab: ProgressView | undefined = openProgress(options);
  const run = options.live ? liveRun(screen, look) : plainRun(screen, look);
  return {
    show(progress) {
      if (progress.kind === "lab") {
        lab ??= openProgress(options);
        lab.show(progress.progress);
        return;
      }
      lab?.close();
      lab = undefined;
      run.show(shownAll(progress, screen));
    },
    close() {
      lab?.close();
      run.close();
    },
  };
}

function plainRun(screen: Screen, look: Theme): RunView {
  const state = new RunState();
  return {
    show(progress) {
      for (const moment of state.take(progress)) screen.write(`${momentLine(moment, look)}\n`);
    },
    close() {},
  };
}

function liveRun(screen: Screen, look: Theme): RunView {
  const state = new RunState();
  const lines = new LiveLines(screen);
  let begunMs: number | undefined;
  const draw = (): void => {
    if (begunMs === undefined) return;
    lines.draw(frame(state, { nowS: (performance.now() - begunMs) / 1000, rows: screen.rows, look }));
  };
  const timer = setInterval(draw, FRAME_MS);
  timer.unref();
  return {
    show(progress) {
      const moments = state.take(progress);
      if (moments.length > 0) lines.leave(moments.map((moment) => momentLine(moment, look)).join("\n"));
      if (progress.kind === "began") begunMs = performance.now();
      if (progress.kind === "over") begunMs = undefined;
      if (moments.length > 0) draw();
    },
    close() {
      clearInterval(timer);
      lines.close();
    },
  };
}

interface FrameOptions {
  readonly nowS: number;
  readonly rows: number;
  readonly look: Theme;
}

/** The block below what happened: how far it is, what runs and comes, and each source. */
export function frame(state: RunState, { nowS, rows, look }: FrameOptions): string[] {
  const share = state.endsS === 0 ? 1 : Math.min(1, nowS / state.endsS);
  const full = Math.round(share * BAR);
  const bar = `${look.accent("━".repeat(full))}${look.dim("─".repeat(BAR - full))}`;
  const head = `${bar} ${clock(nowS)} of about ${formatElapsed(Math.max(state.endsS, nowS) * 1000)}`;
  const running = [...state.running.values()].map(
    ({ startedS, text, detail }) =>
      `  ${look.accent("▸")} ${clock(startedS)}  ${text}${detail === null ? "" : `  ${look.dim(detail)}`}`,
  );
  const next = state
    .next(NEXT)
    .map(({ atS, text }) => look.dim(`  · ${atS === null ? " ".repeat(8) : clock(atS)}  ${text}`));
  const told = [...state.sources.values()].filter(({ lastS }) => nowS - lastS < STALE_S);
  const sources = sourceLines(told, nowS, look);
  const room = Math.max(1, rows - 2 - running.length - next.length);
  const shown = sources.length <= room ? sources : sources.slice(0, room - 1);
  const rest = sources.length - shown.length;
  return [
    head,
    ...running,
    ...next,
    ...shown,
    ...(rest > 0 ? [look.dim(`  … and ${rest} more sources`)] : []),
  ];
}

/** Those that do not answer first. */
function sourceLines(all: readonly SourceState[], nowS: number, look: Theme): string[] {
  const sorted = [...all].sort((one, other) => Number(one.up) - Number(other.up));
  const nodes = widest(all.map(({ node }) => node));
  const sources = widest(all.map(({ source }) => source));
  const states = sorted.map(({ up, rttMs, sinceS }) =>
    up
      ? `answers${rttMs === null ? "" : ` in ${formatMs(rttMs)}`}`
      : look.bad(`no answer for ${formatElapsed((nowS - sinceS) * 1000)}`),
  );
  const widestState = widest(states);
  // What changes comes first: a narrow terminal cuts the addresses.
  return sorted.map(({ node, source, target, up }, index) => {
    const mark = up ? look.good("●") : look.bad("✗");
    const state = padTo(states[index] ?? "", widestState);
    return `  ${mark} ${padTo(node, nodes)}  ${state}  ${padTo(source, sources)}  ${look.dim(target)}`;
  });
}

function momentLine({ atS, level, text }: Moment, look: Theme): string {
  const shown = level === "info" ? text : look[level](text);
  return `${look.dim(atS === null ? "        " : clock(atS))}  ${shown}`;
}

function clock(seconds: number): string {
  return `${seconds.toFixed(1)} s`.padStart(8);
}
