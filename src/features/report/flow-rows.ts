/** A track for each flow: when it was answered, what was lost, and whether it broke. */
import type { FlowSample } from "../../core/judge/experiment/record.ts";
import type { RunRecord } from "../../core/judge/scenario/record.ts";
import { stretches } from "./columns-of-time.ts";
import { markup, type Markup, type Part } from "./html.ts";
import { plot, row, stretched } from "./plot.ts";
import type { TimeScale } from "./scale.ts";
import { moment, span } from "./words.ts";

/** What became of a flow. */
export interface FlowStory {
  readonly id: string;
  readonly about: string;
  readonly end: string;
  readonly broken: boolean;
  readonly answered: number;
  readonly lost: number;
  /** The longest time between two answers, and until the end or the break; null when nothing was answered. */
  readonly stallS: number | null;
  readonly everyS: number;
  readonly samples: readonly FlowSample[];
}

const ENDS = {
  broken: "broken",
  refused: "refused",
  unsupported: "unsupported here",
} as const satisfies Partial<Record<FlowSample["event"], string>>;

export function flowStories({ scenario, flows, durationS }: RunRecord): FlowStory[] {
  const ids = [...new Set([...scenario.flows.map(({ id }) => id), ...flows.map(({ flow }) => flow)])];
  return ids.map((id) => {
    const plan = scenario.flows.find((one) => one.id === id);
    const samples = flows.filter(({ flow }) => flow === id).sort((one, other) => one.atNs - other.atNs);
    const bad = samples.find(({ event }) => event in ENDS);
    const answers = samples.filter(({ event }) => event === "answered").map(({ atNs }) => atNs / 1e9);
    const until = bad === undefined ? (samples.at(-1)?.atNs ?? durationS * 1e9) / 1e9 : bad.atNs / 1e9;
    const gaps = [...answers, until].map((atS, index, all) =>
      index === 0 ? 0 : atS - (all[index - 1] ?? atS),
    );
    const ended =
      bad === undefined
        ? samples.length === 0
          ? "nothing was recorded"
          : "survived"
        : `${ENDS[bad.event as keyof typeof ENDS]} at ${moment(bad.atNs / 1e9)}`;
    return {
      id,
      about: plan === undefined ? "" : `${plan.kind} from ${plan.from} to ${plan.target}`,
      end: bad?.detail === null || bad === undefined ? ended : `${ended} (${bad.detail})`,
      broken: bad !== undefined,
      answered: answers.length,
      lost: samples.filter(({ event }) => event === "lost").length,
      stallS: answers.length === 0 ? null : gaps.reduce((most, gap) => Math.max(most, gap), 0),
      everyS: (plan?.everyMs ?? 1000) / 1000,
      samples,
    };
  });
}

export function flowRows(record: RunRecord, scale: TimeScale): Part[] {
  const stories = flowStories(record);
  if (stories.length === 0) return [];
  return [
    markup`<h3>Flows</h3>`,
    ...stories.map((story) => {
      const stall = story.stallS === null ? "" : ` · longest stall ${span(story.stallS)}`;
      return row(
        "track",
        markup`<p><b>${story.id}</b> <span class="small">${story.about}</span></p><p class="small"><span class="${
          story.broken ? "tag bad" : "tag good"
        }">${story.end}</span>${stall}</p>`,
        plot(30, `Flow ${story.id}, ${story.about}: ${story.end}${stall}`, picture(story, scale)),
      );
    }),
  ];
}

/** More stretches than this are drawn by columns of time, so that a flow of any length stays small. */
const MOST_STRETCHES = 600;

function picture({ samples, everyS }: FlowStory, scale: TimeScale): Markup {
  const drawn = (event: FlowSample["event"], y: number, height: number): string => {
    const each = samples.flatMap(({ event: what, atNs }) =>
      what === event ? [{ fromS: atNs / 1e9, toS: atNs / 1e9 + everyS }] : [],
    );
    const exact = stretches(each, () => true, 0.6 * everyS);
    const all =
      exact.length <= MOST_STRETCHES ? exact : stretches(each, () => true, scale.endS / MOST_STRETCHES);
    return all
      .map(
        ({ fromS, toS }) =>
          `M${scale.unit(fromS)} ${y}v${height}h${scale.unit(toS) - scale.unit(fromS)}v-${height}z`,
      )
      .join("");
  };
  const marks = samples.filter(({ event }, index) => event in ENDS || (event === "connected" && index > 0));
  return markup`<line class="base" x1="0" x2="100%" y1="15" y2="15"/>${stretched(
    30,
    markup`<path class="answers" d="${drawn("answered", 6, 9)}"/><path class="lost" d="${drawn("lost", 16, 6)}"/>`,
  )}${marks.slice(0, 200).map(({ event, atNs, detail }) => {
    const x = scale.at(atNs / 1e9);
    const words = `${event} at ${moment(atNs / 1e9)}${detail === null ? "" : `: ${detail}`}`;
    return event in ENDS
      ? markup`<svg x="${x}" y="15" overflow="visible"><title>${words}</title><path class="break" d="M-5 -5L5 5M-5 5L5 -5"/></svg>`
      : markup`<circle class="end" cx="${x}" cy="15" r="3"><title>${words}</title></circle>`;
  })}`;
}
