import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import type { Span } from "../../core/judge/live/message.ts";
import { formatClock, formatTick } from "../data/format.ts";
import { pausedAtS, span, version, view } from "../data/state.ts";
import { colours } from "../parts/theme.tsx";
import { placeLabels } from "./label-lines.ts";

interface ChartTrack {
  readonly key: string;
  readonly name: string;
  readonly colour: string;
  readonly dashed: boolean;
}

const HEIGHT = 170;
const SYNC = uPlot.sync("lab");

/** Curves over time on a canvas, with bands for what lasted; drag to look nearer, a double click goes back. */
export function Chart({ unit, tracks }: { unit: string; tracks: readonly ChartTrack[] }) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | undefined>(undefined);
  const zoomed = useRef(false);
  const shape = tracks.map(({ key, colour }) => `${key} ${colour}`).join();
  const look = colours.value;
  useEffect(() => {
    const { current } = place;
    if (current === null) return;
    const made = new uPlot(
      options({ unit, tracks, width: current.clientWidth, zoomed }),
      [[], ...tracks.map(() => [])],
      current,
    );
    chart.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: current.clientWidth, height: HEIGHT }));
    observer.observe(current);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [shape, unit, look]);
  const [now, paused, seconds] = [version.value, pausedAtS.value, span.value];
  useEffect(() => {
    zoomed.current = false;
  }, [seconds]);
  useEffect(() => {
    const { history } = view;
    if (chart.current === undefined || (paused !== null && now > 0 && zoomed.current)) return;
    const end = paused ?? history.times.at(-1) ?? Date.now() / 1000;
    const data = [
      [...history.times],
      ...tracks.map(({ key }) => [...history.valuesOf(key)]),
    ] as uPlot.AlignedData;
    chart.current.batch(() => {
      chart.current?.setData(data, false);
      if (!zoomed.current) chart.current?.setScale("x", { min: end - seconds, max: end });
    });
  }, [now, paused, seconds, shape, look]);
  return <div class="chart" ref={place} aria-hidden="true" />;
}

interface Wanted {
  readonly unit: string;
  readonly tracks: readonly ChartTrack[];
  readonly width: number;
  readonly zoomed: { current: boolean };
}

function options({ unit, tracks, width, zoomed }: Wanted): uPlot.Options {
  const [ink, grid] = [colourNow("var(--muted)"), colourNow("var(--grid)")];
  const axis = {
    stroke: ink,
    grid: { stroke: grid, width: 1 },
    ticks: { show: false },
    font: "11px system-ui, sans-serif",
  };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { sync: { key: SYNC.key }, points: { size: 6 }, y: false },
    scales: { x: { time: true }, y: { range: (_, least, most) => rangeOf(least, most, unit) } },
    axes: [
      {
        ...axis,
        size: 26,
        space: 56,
        incrs: TIME_STEPS,
        values: (_, times) => times.map((time) => clockOf(time, times)),
      },
      { ...axis, size: 74, values: (_, values) => values.map((value) => formatTick(value, unit)) },
    ],
    series: [
      {},
      ...tracks.map(({ name, colour, dashed }) => ({
        label: name,
        stroke: colourNow(colour),
        width: 2,
        spanGaps: false,
        points: { show: false },
        ...(dashed ? { dash: [5, 4] } : {}),
      })),
    ],
    hooks: {
      drawClear: [(chart) => drawSpans(chart)],
      draw: [(chart) => labelSpans(chart)],
      // What the user dragged stays until he goes back.
      setSelect: [() => (zoomed.current = true)],
      ready: [(chart) => chart.over.addEventListener("dblclick", () => (zoomed.current = false))],
    },
  };
}

/** Seconds between ticks; uPlot has nothing between one and five minutes, where a plot of five has a single tick. */
const TIME_STEPS = [1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 300, 600, 900, 1200, 1800, 3600];

/** With seconds only where ticks are nearer than a minute. */
function clockOf(time: number, [first = 0, second = 60]: readonly number[]): string {
  const clock = formatClock(1000 * time);
  return second - first < 60 ? clock : clock.slice(0, -3);
}

/** The least that is a full plot, by unit: noise must not look like a storm. */
const LEAST_TOP: Readonly<Record<string, number>> = { ms: 1, "%": 20, "bit/s": 2000, s: 30 };

/** From nothing to a little above the most, so that curves that rest do not look as if they jumped. */
function rangeOf(least: number | null, most: number | null, unit: string): [number, number] {
  return [Math.min(0, least ?? 0), Math.max(LEAST_TOP[unit] ?? 1, 1.15 * (most ?? 0))];
}

const SPAN_COLOURS: Readonly<Record<Span["kind"], string>> = {
  fault: "var(--band-fault)",
  renumbering: "var(--band-renumbering)",
  mark: "var(--accent)",
};

/** Bands of faults and renumberings, and lines of marks, behind the curves. */
function drawSpans(chart: uPlot): void {
  const { ctx, bbox } = chart;
  const end = chart.scales["x"]?.max ?? 0;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const { kind, fromS, toS } of view.spans) {
    const left = chart.valToPos(fromS, "x", true);
    const right = chart.valToPos(toS ?? end, "x", true);
    ctx.fillStyle = colourNow(SPAN_COLOURS[kind]);
    ctx.fillRect(left, bbox.top, Math.max(2, right - left), bbox.height);
  }
  ctx.restore();
}

const MOST_LINES = 4;
const LINE_HEIGHT = 14;

/** Writes the labels of those in sight over the plot, no two over each other. */
function labelSpans(chart: uPlot): void {
  const { min = 0, max = 0 } = chart.scales["x"] ?? {};
  const seen = view.spans.filter(({ fromS, toS }) => fromS <= max && (toS ?? max) >= min);
  const labels = seen.map(({ label }) => {
    const one = document.createElement("span");
    one.className = "band-label";
    one.textContent = label;
    return one;
  });
  for (const old of chart.over.querySelectorAll(".band-label")) old.remove();
  chart.over.append(...labels);
  const wanted = seen.map(({ fromS }, index) => ({
    left: chart.valToPos(fromS, "x") + 4,
    width: labels[index]?.offsetWidth ?? 0,
  }));
  for (const [index, place] of placeLabels(wanted, chart.over.clientWidth, MOST_LINES).entries()) {
    const label = labels[index];
    if (place === undefined) label?.remove();
    else if (label !== undefined)
      label.style.transform = `translate(${place.left}px, ${place.line * LINE_HEIGHT}px)`;
  }
}

/** The value of a custom property as it is now, by day or by night; a canvas knows neither. */
function colourNow(colour: string): string {
  const { documentElement: page } = document;
  page.style.setProperty("column-rule-color", colour);
  return getComputedStyle(page).columnRuleColor;
}
