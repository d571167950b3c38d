import { showValue } from "../values/parse.ts";
import { complaint, type ReadScalar } from "../values/scalars.ts";
import {
  BITRATE_RIGHT,
  formatBitrate,
  formatPercent,
  formatSpan,
  parseBitrate,
  parsePercent,
  parseSpan,
} from "../values/units.ts";
import { text, word, type Codec } from "./codec.ts";
import { LINE_PRESETS, linePresets, type LinePreset } from "./line-presets.ts";
import { setting, type Basis, type Section } from "./setting.ts";

const LONGEST_MS = 10_000;

/** A value with its unit, the same text on both sides. */
function measured(
  parse: (given: string) => number | undefined,
  right: string,
  format: (value: number) => string,
  bad: ReturnType<typeof complaint>,
): Codec<number> {
  const read: ReadScalar<number> = (given) =>
    parse(given) ?? bad(`${showValue(given)} is not possible here`, `write ${right}`);
  return text({ read, format });
}

const span = measured(
  (given) => {
    const ms = parseSpan(given);
    return ms !== undefined && ms <= LONGEST_MS ? ms : undefined;
  },
  "a time from 0ms to 10s with its unit, such as 20ms",
  formatMs,
  complaint("MHLAB_LAB_DURATION"),
);
const rate = measured(parseBitrate, BITRATE_RIGHT, formatBitrate, complaint("MHLAB_LAB_NUMBER"));
const share = measured(
  parsePercent,
  "a percentage from 0% to 100% with at most two decimals, such as 0.5%",
  formatPercent,
  complaint("MHLAB_LAB_NUMBER"),
);

/** What is not said is as the preset has it. */
function byPreset<T>(
  key: keyof LinePreset,
  without: T,
): { from: (basis: Basis) => number | T; says: string; usual?: T & number } {
  const said = typeof without === "number" ? (key === "loss" ? "`0%`" : "`0ms`") : "no limit";
  return {
    from: ({ linePreset }) => (linePreset === undefined ? without : linePresets[linePreset][key]),
    says: `as \`preset\` has it, else ${said}`,
    ...(typeof without === "number" ? { usual: without } : {}),
  };
}

/** The line between BNG and customers as it always is; faults come on top. */
export const line = {
  preset: setting({
    path: "line.preset",
    codec: word(LINE_PRESETS),
    default: { value: undefined },
    group: "line",
    elsewhere: true,
    text: {
      schema: "A kind of line; the values beside it stand above those that it has.",
      lab: "a kind of line, [with its values](line.md#presets): `fibre`, `vdsl50`, `lte`, `5g`, `geo-satellite`, `leo`, `congested`",
    },
  }),
  delayMs: setting({
    path: "line.delay",
    codec: span,
    default: byPreset("delayMs", 0),
    group: "line",
    live: true,
    text: {
      schema: "How much later each packet comes, on each way; needs netem.",
      lab: "how much later each packet comes, on each way: a round trip takes twice as much longer",
    },
    examples: ["20ms"],
  }),
  jitterMs: setting({
    path: "line.jitter",
    codec: span,
    default: byPreset("jitterMs", 0),
    group: "line",
    live: true,
    text: {
      schema: "By how much the delay varies around its mean; needs netem.",
      lab: "by how much the delay varies around its mean, at random; packets keep their order",
    },
    examples: ["5ms"],
  }),
  loss: setting({
    path: "line.loss",
    codec: share,
    default: byPreset("loss", 0),
    group: "line",
    live: true,
    text: {
      schema: "The share of packets that is lost, on each way.",
      lab: "the share of packets that is lost at random, on each way",
    },
    examples: ["0.5%"],
  }),
  down: setting({
    path: "line.down",
    codec: rate,
    default: byPreset("down", undefined),
    group: "line",
    live: true,
    text: {
      schema: "How much it carries to the customers.",
      lab: "how much it carries to the customers: `50mbit`",
    },
    examples: ["50mbit"],
  }),
  up: setting({
    path: "line.up",
    codec: rate,
    default: byPreset("up", undefined),
    group: "line",
    live: true,
    text: {
      schema: "How much it carries from the customers.",
      lab: "how much it carries from the customers: `10mbit`",
    },
    examples: ["10mbit"],
  }),
} satisfies Section;

function formatMs(ms: number): string {
  return ms === 0 ? "0ms" : formatSpan(ms);
}
