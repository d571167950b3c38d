import type { ComponentChildren } from "preact";
import { PLOTS, trackOf, type Plot } from "../../core/judge/live/history.ts";
import { formatClock, formatValue } from "../data/format.ts";
import { pausedAtS, span, status, version, view } from "../data/state.ts";
import { Chart } from "./chart.tsx";
import { trackStyle } from "./track-style.ts";

const SPANS = [
  [60, "1 min"],
  [300, "5 min"],
  [900, "15 min"],
  [3600, "1 h"],
] as const;

/** More would push the plot away. */
const MOST_IN_LEGEND = 8;

/** What happened over time, all plots over the same; children stand among them. */
export function Plots({ children }: { children: ComponentChildren }) {
  void version.value;
  const keys = view.history.keys;
  const plots = (Object.keys(PLOTS) as Plot[]).filter((plot) =>
    keys.some((key) => trackOf(key)?.plot === plot),
  );
  return (
    <section class="plots" aria-labelledby="plots-title">
      <div class="plots-head">
        <h2 id="plots-title">Over time</h2>
        <div class="segments" role="group" aria-label="How much of the past">
          {SPANS.map(([seconds, name]) => (
            <button
              key={seconds}
              aria-pressed={span.value === seconds}
              onClick={() => (span.value = seconds)}
            >
              {name}
            </button>
          ))}
        </div>
        <Pause />
      </div>
      {plots.length === 0 ? <p class="empty">A value comes each second while somebody looks.</p> : null}
      <div class="plot-grid">
        {plots.map((plot) => (
          <PlotCard key={plot} plot={plot} keys={keys.filter((key) => trackOf(key)?.plot === plot)} />
        ))}
        {children}
      </div>
    </section>
  );
}

function Pause() {
  const paused = pausedAtS.value !== null;
  const toggle = (): void => {
    pausedAtS.value = paused ? null : Date.now() / 1000;
  };
  return (
    <button onClick={toggle} aria-pressed={paused}>
      {paused ? "Go on" : "Pause"}
    </button>
  );
}

function PlotCard({ plot, keys }: { plot: Plot; keys: readonly string[] }) {
  const { title, unit } = PLOTS[plot];
  const names = status.value.providers.map(({ name }) => name);
  const tracks = keys
    .map((key) => {
      const name = trackOf(key)?.name ?? key;
      return { key, name, ...trackStyle(name, names) };
    })
    .sort((one, other) => rank(one, names) - rank(other, names) || (one.name < other.name ? -1 : 1));
  return (
    <figure class="card plot" aria-label={title}>
      <figcaption>
        <h3>{title}</h3>
        <ul class="legend">
          {tracks.slice(0, MOST_IN_LEGEND).map(({ key, name, colour, dashed }) => (
            <li key={key}>
              <span
                class={`swatch ${dashed ? "dashed" : ""}`}
                style={{ background: colour, "--track": colour }}
                aria-hidden="true"
              />
              {name} <b>{formatValue(view.history.valuesOf(key).at(-1), unit)}</b>
            </li>
          ))}
          {tracks.length > MOST_IN_LEGEND ? (
            <li>and {tracks.length - MOST_IN_LEGEND} more, in the table</li>
          ) : null}
        </ul>
      </figcaption>
      <Chart unit={unit} tracks={tracks} />
      <ValueTable unit={unit} tracks={tracks} title={title} />
    </figure>
  );
}

/** Providers in their order, then the ways of customers. */
function rank({ name, dashed }: { name: string; dashed: boolean }, providers: readonly string[]): number {
  return dashed ? providers.length : providers.indexOf(name);
}

interface TableProps {
  readonly unit: string;
  readonly title: string;
  readonly tracks: readonly { readonly key: string; readonly name: string }[];
}

/** The same for those who do not see the plot: what it is now, and its extremes within the time that is shown. */
function ValueTable({ unit, title, tracks }: TableProps) {
  const { history } = view;
  const from = (history.times.at(-1) ?? 0) - span.value;
  const begin = history.times.findIndex((time) => time >= from);
  return (
    <details>
      <summary>As a table</summary>
      <table>
        <caption class="hidden">{`${title} since ${formatClock(1000 * from)}`}</caption>
        <thead>
          <tr>
            <th scope="col">Track</th>
            <th scope="col">Now</th>
            <th scope="col">Least</th>
            <th scope="col">Mean</th>
            <th scope="col">Most</th>
          </tr>
        </thead>
        <tbody>
          {tracks.map(({ key, name }) => {
            const values = history.valuesOf(key).slice(Math.max(0, begin));
            const known = values.filter((value) => value !== null);
            const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
            const some = known.length > 0;
            return (
              <tr key={key}>
                <th scope="row">{name}</th>
                <td>{formatValue(values.at(-1), unit)}</td>
                <td>{formatValue(some ? Math.min(...known) : null, unit)}</td>
                <td>{formatValue(some ? mean : null, unit)}</td>
                <td>{formatValue(some ? Math.max(...known) : null, unit)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </details>
  );
}
